// Package internal_test holds the walls of the house: who may import whom, as the table in docs/architecture.md says.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/relevo/relevo/"

// room is one row of the table.
type room struct {
	rooms     []string // the rooms of internal/ that it may import
	libraries []string // what it may import from outside, by prefix; "*" for any library
}

// The AWS data types are what an item of the table is made of: no client, no network.
const (
	awsTypes  = "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	awsValues = "github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
)

var walls = map[string]room{
	"config":           {},
	"desk":             {},
	"store":            {rooms: []string{"desk"}, libraries: []string{awsTypes, awsValues, "golang.org/x/text"}},
	"api":              {rooms: []string{"desk"}, libraries: []string{"*"}},
	"api/openapi":      {rooms: []string{"api"}, libraries: []string{"*"}},
	"holidays":         {rooms: []string{"desk"}, libraries: []string{"github.com/rickar/cal/v2"}},
	"live":             {rooms: []string{"desk"}, libraries: []string{"github.com/coder/websocket"}},
	"channel/webchat":  {rooms: []string{"desk"}, libraries: []string{"*"}},
	"channel/whatsapp": {rooms: []string{"desk"}, libraries: []string{"*"}},
	"channel/email":    {rooms: []string{"desk"}, libraries: []string{"*"}},
	"cloud":            {rooms: []string{"desk", "store", "config"}, libraries: []string{"*"}},
	"local":            {rooms: []string{"desk", "store", "config"}, libraries: []string{"*"}},
	"desktest":         {rooms: []string{"desk", "store"}, libraries: []string{"*"}},
}

// twins are the files that local and cloud both hold, one for each port, so that whoever knows one room knows the other.
var twins = []string{"blobs.go", "mail.go", "push.go", "queue.go", "secrets.go", "stream.go", "table.go", "timers.go"}

func TestRoomsImportOnlyWhatTheirWallsAllow(t *testing.T) {
	for dir, files := range sources(t) {
		name, inside := strings.CutPrefix(dir, "internal/")
		wall, known := walls[name]
		if inside && !known {
			t.Errorf("%s is no room: give it a row in docs/architecture.md and in this test, or move its files", dir)
			continue
		}
		for file, imports := range files {
			for _, imported := range imports {
				if inside && !wall.allows(name, imported) {
					t.Errorf("%s: %s may not import %s", file, name, imported)
				}
				if imported == module+"internal/desktest" || imported == module+"internal/api/openapi" {
					t.Errorf("%s: %s is for tests only", file, imported)
				}
			}
		}
	}
}

func TestLocalAndCloudAreTwins(t *testing.T) {
	has := func(room, file string) bool {
		_, err := os.Stat(filepath.Join(room, file))
		return err == nil
	}
	outward := has("cloud", "table.go") // without it cloud holds only its inward half: events -> functions
	for _, file := range twins {
		if !has("local", file) {
			t.Errorf("internal/local has no %s", file)
		}
		if outward && !has("cloud", file) {
			t.Errorf("internal/cloud has no %s, the twin of internal/local/%s", file, file)
		}
	}
}

// allows reports whether a file of the named room may import the path.
func (r room) allows(name, imported string) bool {
	if target, ours := strings.CutPrefix(imported, module); ours {
		target, internal := strings.CutPrefix(target, "internal/")
		own := target == name || strings.HasPrefix(target, name+"/")
		return internal && (own || slices.Contains(r.rooms, target))
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true // standard library
	}
	return slices.ContainsFunc(r.libraries, func(prefix string) bool {
		return prefix == "*" || imported == prefix || strings.HasPrefix(imported, prefix+"/")
	})
}

// sources gives the imports of every Go file that is no test: folder from the module's root -> file -> imports.
func sources(t *testing.T) map[string]map[string][]string {
	t.Helper()
	found := map[string]map[string][]string{}
	err := fs.WalkDir(os.DirFS(".."), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if hidden := strings.HasPrefix(entry.Name(), ".") && file != "."; hidden || entry.Name() == "testdata" || entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", file), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := path.Dir(file)
		if found[dir] == nil {
			found[dir] = map[string][]string{}
		}
		for _, spec := range tree.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[dir][file] = append(found[dir][file], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("no Go files found")
	}
	return found
}
