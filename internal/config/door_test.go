package config_test

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/relevo/relevo/internal/config"
)

// schemes are the security schemes of openapi.yaml that each door takes.
var schemes = map[config.Door]string{config.Staff: "staff", config.Visitors: "visitor"}

func TestDoorsAreThoseOfTheDocument(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range config.Functions {
		for _, route := range function.Routes {
			t.Run(route, func(t *testing.T) {
				wanted := wantedOf(t, doc, route)
				door := config.DoorOf(route)
				if scheme := schemes[door]; len(wanted) > 0 && !wanted[scheme] || len(wanted) == 0 && door == config.Staff {
					t.Errorf("door %d, and openapi.yaml wants %v", door, wanted)
				}
			})
		}
	}
}

// wantedOf gives the security schemes that the document wants for a route.
func wantedOf(t *testing.T, doc *openapi3.T, route string) map[string]bool {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	operation := doc.Paths.Find(path).GetOperation(method)
	security := &doc.Security
	if operation.Security != nil {
		security = operation.Security
	}
	wanted := map[string]bool{}
	for _, requirement := range *security {
		for scheme := range requirement {
			wanted[scheme] = true
		}
	}
	return wanted
}
