// Runs at CloudFront before every request of a page. The console finds its own way under these addresses; each of them
// gives the same page.
var places = PLACES;
function handler(event) {
  var request = event.request;
  var first = request.uri.split('/')[1];
  if (first === '' || places.indexOf(first) >= 0) {
    request.uri = '/index.html';
  } else if (request.uri === '/widget/') {
    request.uri = '/widget/index.html';
  }
  return request;
}
