package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
)

// rate is what the gateway lets through in a second, and at once.
type rate struct{ steady, burst float64 }

// rates protect the functions from what the desk's own limits see too late, by door. All callers of a door share one.
var rates = map[config.Door]rate{
	config.Staff:     {200, 400},
	config.Visitors:  {200, 400},
	config.Providers: {100, 500}, // Meta sends in bursts, and again what was refused
}

// addAPIs makes the two APIs; what they lead to comes later.
func (d *desk) addAPIs() {
	d.http = awsapigatewayv2.NewCfnApi(d.Stack, text("Http"), &awsapigatewayv2.CfnApiProps{
		Name: text(d.name("http")), ProtocolType: text("HTTP"), Description: text("agents, bots, customers and providers"),
	})
	d.live = awsapigatewayv2.NewCfnApi(d.Stack, text("Live"), &awsapigatewayv2.CfnApiProps{
		Name: text(d.name("live")), ProtocolType: text("WEBSOCKET"), RouteSelectionExpression: text("$request.body.type"),
		Description: text("live connections of consoles and widgets"),
	})
}

// addRoutes leads every route of the wiring table to its function. The door [config.Staff] is behind the JWT authorizer;
// its routes also lie open under [config.BotPrefix], for the function to look at the token.
func (d *desk) addRoutes() {
	authorizer := awsapigatewayv2.NewCfnAuthorizer(d.Stack, text("Staff"), &awsapigatewayv2.CfnAuthorizerProps{
		ApiId: d.http.Ref(), Name: text("staff"), AuthorizerType: text("JWT"), IdentitySource: jsii.Strings("$request.header.Authorization"),
		JwtConfiguration: &awsapigatewayv2.CfnAuthorizer_JWTConfigurationProperty{
			Issuer: d.issuer(), Audience: &[]*string{d.client.Ref()},
		},
	})
	limits := map[string]any{}
	add := func(row config.Function, key string, door config.Door, open bool, target *string) {
		p := &awsapigatewayv2.CfnRouteProps{ApiId: d.http.Ref(), RouteKey: text(key), Target: target, AuthorizationType: text("NONE")}
		if door == config.Staff && !open {
			p.AuthorizationType, p.AuthorizerId = text("JWT"), authorizer.Ref()
		}
		route := awsapigatewayv2.NewCfnRoute(d.Stack, text("Route"+id(key)), p)
		if door != config.Staff || open {
			limits[key] = throttle(rates[door])
			route.Node().AddMetadata(text("function"), row.Name, nil)
		}
	}
	for _, row := range config.Functions {
		if len(row.Routes) == 0 {
			continue
		}
		target := d.integrate(d.http, row, "2.0")
		for _, route := range row.Routes {
			door := config.DoorOf(route)
			add(row, route, door, false, target)
			if door == config.Staff {
				method, path, _ := strings.Cut(route, " ")
				add(row, method+" "+config.BotPrefix+path, door, true, target)
			}
		}
		if row.Name == config.Preflights {
			add(row, "OPTIONS /widget/v1/{proxy+}", config.Visitors, true, target)
		}
	}
	d.addHTTPStage(limits)
}

// addHTTPStage opens the API. Its stage names routes in its limits, so it comes after them.
func (d *desk) addHTTPStage(limits map[string]any) {
	stage := awsapigatewayv2.NewCfnStage(d.Stack, text("HttpStage"), &awsapigatewayv2.CfnStageProps{
		ApiId: d.http.Ref(), StageName: text("$default"), AutoDeploy: jsii.Bool(true),
		DefaultRouteSettings: throttle(rates[config.Staff]), RouteSettings: limits,
		// Words, for names cost more than what they name: in CloudWatch, `parse @message "* * * *" as id, status, ms, route`.
		AccessLogSettings: d.accessLog("Http", "$context.requestId $context.status $context.responseLatency $context.routeKey "+
			"$context.error.message $context.authorizer.error"),
	})
	for _, child := range *d.Stack.Node().Children() {
		if route, ok := child.(awsapigatewayv2.CfnRoute); ok {
			stage.AddResourceDependency(route, nil)
		}
	}
}

func throttle(r rate) *awsapigatewayv2.CfnStage_RouteSettingsProperty {
	return &awsapigatewayv2.CfnStage_RouteSettingsProperty{
		ThrottlingRateLimit: jsii.Number(r.steady), ThrottlingBurstLimit: jsii.Number(r.burst), DetailedMetricsEnabled: jsii.Bool(false),
	}
}

// integrate lets an API start a function, and gives the target of its routes.
func (d *desk) integrate(api awsapigatewayv2.CfnApi, row config.Function, format string) *string {
	function := d.functions[row.Name]
	p := &awsapigatewayv2.CfnIntegrationProps{
		ApiId: api.Ref(), IntegrationType: text("AWS_PROXY"), IntegrationMethod: text("POST"),
		IntegrationUri: join(text("arn:"), d.Partition(), text(":apigateway:"), d.Region(), text(":lambda:path/2015-03-31/functions/"),
			function.FunctionArn(), text("/invocations")),
	}
	kind := "Live"
	if format != "" {
		kind, p.PayloadFormatVersion = "Http", text(format)
		p.TimeoutInMillis = jsii.Number(float64(row.Timeout.Milliseconds()) + 500) // the function is cut off first, and says so
		if *p.TimeoutInMillis > 30000 {
			p.TimeoutInMillis = jsii.Number(30000)
		}
	}
	integration := awsapigatewayv2.NewCfnIntegration(d.Stack, text("To"+id(row.Name)+kind), p)
	awslambda.NewCfnPermission(d.Stack, text("Let"+kind+"Start"+id(row.Name)), &awslambda.CfnPermissionProps{
		Action: text("lambda:InvokeFunction"), FunctionName: function.FunctionName(), Principal: text("apigateway.amazonaws.com"),
		SourceArn: join(text("arn:"), d.Partition(), text(":execute-api:"), d.Region(), text(":"), d.Account(), text(":"), api.Ref(), text("/*/*")),
	})
	return join(text("integrations/"), integration.Ref())
}
