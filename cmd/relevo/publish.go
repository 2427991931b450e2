package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/cloud"
)

func publishCommand() command {
	stage := ""
	return command{
		name: "publish", summary: "Put console and widget where the deployed desk serves them",
		help: `It uploads what make web built into this binary, with a config.json beside it that
tells where to sign in: first what has a fingerprint in its name, at the end the
pages. What the deployment before put there stays until the next, for tabs that are
still open; older files are removed. make deploy does this by itself.

` + stageHelp,
		flags: func(f *flag.FlagSet) { onStage(f, &stage) },
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			return publish(ctx, out, stage)
		},
	}
}

func publish(ctx context.Context, out io.Writer, stage string) error {
	if !wasBuilt("console/index.html") || !wasBuilt("widget/index.html") {
		return errors.New("console and widget are not in this binary: run make web build, then this again")
	}
	client, stack, err := openStage(ctx, stage)
	if err != nil {
		return err
	}
	files, err := fs.Sub(builtFiles, "web")
	if err != nil {
		return err
	}
	pages, err := builtPages(files, deployedConfig{Issuer: stack.Output("Issuer"), ClientID: stack.Output("ClientID"),
		Audience: stack.Output("ClientID"), MaxAttachment: deployedAttachment})
	if err != nil {
		return err
	}
	bucket := cloud.NewPages(client, stack.Output("PagesBucket"))
	before, err := bucket.List(ctx)
	if err != nil {
		return err
	}
	for _, page := range pages {
		if err := bucket.Put(ctx, page); err != nil {
			return err
		}
	}
	old := outdated(before, pages)
	for _, key := range old {
		if err := bucket.Delete(ctx, key); err != nil {
			return err
		}
	}
	say(out, "Console and widget: %d files are at %s/, %d old ones were removed.\n", len(pages), stack.Output("PublicURL"), len(old))
	return nil
}

// deployedConfig is config.json as the pages read it.
type deployedConfig struct {
	Issuer        string `json:"issuer"`
	ClientID      string `json:"client_id"`
	Audience      string `json:"audience"`
	OwnIssuer     bool   `json:"own_issuer"`
	MaxAttachment int64  `json:"max_attachment"` // bytes
}

// deployedAttachment is the size limit of the functions: the stack sets no other than the usual one.
const deployedAttachment = 25 << 20

// builtPages gives what was built as the bucket keeps it, in the order in which it goes there: what others name first.
// The compressed copies stay behind, for CloudFront makes its own.
func builtPages(built fs.FS, settings deployedConfig) ([]cloud.Page, error) {
	own, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	pages := []cloud.Page{{Key: "config.json", Type: "application/json", Keep: keepNever, Body: own}}
	for _, app := range []struct{ folder, under string }{{"console", ""}, {"widget", "widget/"}} {
		err := fs.WalkDir(built, app.folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				if err == nil && strings.HasPrefix(entry.Name(), ".") {
					return fs.SkipDir // the bundler's own notes
				}
				return err
			}
			if extension := path.Ext(name); extension == ".br" || extension == ".gz" {
				return nil
			}
			page := cloud.Page{Key: app.under + strings.TrimPrefix(name, app.folder+"/")}
			if page.Key == "widget/widget.js" {
				page.Key = "widget.js" // where the snippets of customers' sites look for it
			}
			if page.Type, page.Keep, err = servedAs(page.Key); err != nil {
				return err
			}
			page.Body, err = fs.ReadFile(built, name)
			pages = append(pages, page)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	rank := map[string]int{keepAlways: 0, keepMinutes: 1, keepNever: 2}
	slices.SortStableFunc(pages, func(a, b cloud.Page) int { return rank[a.Keep] - rank[b.Keep] })
	return pages, nil
}

// pageTypes are the media types of what is built; a machine's own table may lack some.
var pageTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json",
	".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
	".mp3": "audio/mpeg", ".txt": "text/plain; charset=utf-8", ".map": "application/json",
}

// servedAs gives a page's media type, and how long browsers keep it, as the local desk does.
func servedAs(key string) (kind, keep string, err error) {
	kind, known := pageTypes[path.Ext(key)]
	if !known {
		return "", "", fmt.Errorf("%s: no media type is known for such a file", key)
	}
	switch {
	case strings.Contains("/"+key, "/assets/"):
		return kind, keepAlways, nil
	case path.Ext(key) == ".html":
		return kind, keepNever, nil
	default:
		return kind, keepMinutes, nil
	}
}

// putTime is more than a publication takes.
const putTime = 15 * time.Minute

// outdated gives the keys that neither this publication nor the one before has put: every publication puts all of its
// files, and the console's page at the end.
func outdated(before map[string]time.Time, pages []cloud.Page) []string {
	last, published := before["index.html"]
	if !published {
		return nil
	}
	current := map[string]bool{}
	for _, page := range pages {
		current[page.Key] = true
	}
	var old []string
	for key, at := range before {
		if !current[key] && at.Before(last.Add(-putTime)) {
			old = append(old, key)
		}
	}
	slices.Sort(old)
	return old
}
