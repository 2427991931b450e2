// Runs at CloudFront before every request of the APIs. It tells the caller's address, for the gateway sees CloudFront's.
// And a bot's token is no JWT, so the gateway's authorizer would refuse it: bots go to the same routes under /bot, where
// the function alone looks at the token.
function handler(event) {
  var request = event.request;
  request.headers['x-relevo-viewer'] = { value: event.viewer.ip };
  var authorization = request.headers.authorization ? request.headers.authorization.value : '';
  if (request.uri.indexOf('/v1/') === 0 && authorization.indexOf('Bearer rlv_') === 0) {
    request.uri = '/bot' + request.uri;
  }
  return request;
}
