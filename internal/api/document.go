package api

import _ "embed" // of the document

// Document is openapi.yaml. The server never reads it, so it is linked only into what checks against it.
//
//go:embed openapi.yaml
var Document string
