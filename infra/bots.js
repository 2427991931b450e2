// Runs at CloudFront before every request of /v1. A bot's token is no JWT, so the gateway's authorizer would refuse it:
// bots go to the same routes under /bot, where the function alone looks at the token.
function handler(event) {
  var request = event.request;
  var authorization = request.headers.authorization ? request.headers.authorization.value : '';
  if (authorization !== '' && authorization.indexOf('.') < 0) {
    request.uri = '/bot' + request.uri;
  }
  return request;
}
