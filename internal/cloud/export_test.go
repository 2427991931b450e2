package cloud

// PostSignature signs the policy of an upload.
var PostSignature = postSignature
