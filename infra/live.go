package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
)

// liveStage is the stage of the WebSocket API, and so the path of its address: /live, as in openapi.yaml.
const liveStage = "live"

// addSocket leads the WebSocket API to its function. Every frame takes the route $default, whose route response sends the
// function's answer back on the socket.
func (d *desk) addSocket() {
	var routes []awsapigatewayv2.CfnRoute
	for _, row := range config.Functions {
		if !row.Socket {
			continue
		}
		target := d.integrate(d.live, row, "")
		for _, key := range []string{"$connect", "$disconnect", "$default"} {
			p := &awsapigatewayv2.CfnRouteProps{ApiId: d.live.Ref(), RouteKey: text(key), Target: target, AuthorizationType: text("NONE")}
			if key == "$default" {
				p.RouteResponseSelectionExpression = text("$default")
			}
			route := awsapigatewayv2.NewCfnRoute(d.Stack, text("Live"+id(key)), p)
			routes = append(routes, route)
			if key == "$default" && !d.Emulator {
				awsapigatewayv2.NewCfnRouteResponse(d.Stack, text("LiveAnswer"), &awsapigatewayv2.CfnRouteResponseProps{
					ApiId: d.live.Ref(), RouteId: route.Ref(), RouteResponseKey: text("$default"),
				})
			}
		}
	}
	stage := awsapigatewayv2.NewCfnStage(d.Stack, text("LiveStage"), &awsapigatewayv2.CfnStageProps{
		ApiId: d.live.Ref(), StageName: text(liveStage), AutoDeploy: jsii.Bool(true),
		DefaultRouteSettings: throttle(rate{500, 1000}),
	})
	for _, route := range routes {
		stage.AddResourceDependency(route, nil)
	}
}

// management is where frames are pushed to connections.
func (d *desk) management() *string {
	if d.Emulator {
		return join(text(d.Endpoint+"/_aws/execute-api/"), d.live.Ref(), text("/"+liveStage))
	}
	return join(text("https://"), d.live.Ref(), text(".execute-api."), d.Region(), text("."), d.UrlSuffix(), text("/"+liveStage))
}
