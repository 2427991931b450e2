package infra

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
)

// The policies that CloudFront keeps for everybody ("Use managed cache policies", "... origin request policies").
const (
	cacheByHeaders  = "658327ea-f89d-4fab-a63d-7e88639e58f6" // CachingOptimized
	cacheNothing    = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" // CachingDisabled
	forwardAllButIt = "b689b0a8-53d0-40ab-baf2-68738e2966ac" // AllViewerExceptHostHeader
)

// atTheDoor tells the caller's address, and moves bots to the paths that the gateway leaves to the function.
//
//go:embed door.js
var atTheDoor string

// atThePages gives the console's page under each of its addresses.
//
//go:embed pages.js
var atThePages string

// addBuckets makes the buckets: files for attachments, which browsers post and get with signed addresses only, and pages
// for console and widget, which CloudFront alone reads.
func (d *desk) addBuckets() {
	bucket := func(name string, p *awss3.BucketProps) awss3.Bucket {
		p.BlockPublicAccess, p.Encryption = awss3.BlockPublicAccess_BLOCK_ALL(), awss3.BucketEncryption_S3_MANAGED
		p.ObjectOwnership, p.EnforceSSL = awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED, jsii.Bool(!d.Emulator)
		p.RemovalPolicy = d.removal()
		return awss3.NewBucket(d.Stack, text(name), p)
	}
	d.files = bucket("Files", &awss3.BucketProps{
		Cors: &[]*awss3.CorsRule{{ // the widget posts from any site, the console reads PDFs; without a signed form or address nothing is taken or given
			AllowedOrigins: jsii.Strings("*"), AllowedMethods: &[]awss3.HttpMethods{awss3.HttpMethods_POST, awss3.HttpMethods_GET}, AllowedHeaders: jsii.Strings("*"), MaxAge: jsii.Number(3600),
		}},
		Versioned: jsii.Bool(d.Stage == "prod"),
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Id: text("tidy"), AbortIncompleteMultipartUploadAfter: days(1), NoncurrentVersionExpiration: days(30),
			Transitions: &[]*awss3.Transition{{StorageClass: awss3.StorageClass_INTELLIGENT_TIERING(), TransitionAfter: days(30)}},
		}},
	})
	d.pages = bucket("Pages", &awss3.BucketProps{LifecycleRules: &[]*awss3.LifecycleRule{{
		Id: text("tidy"), AbortIncompleteMultipartUploadAfter: days(1),
	}}})
}

// addWeb puts console, widget, both APIs and the live connections behind one address.
func (d *desk) addWeb() {
	access := awscloudfront.NewCfnOriginAccessControl(d.Stack, text("PagesAccess"), &awscloudfront.CfnOriginAccessControlProps{
		OriginAccessControlConfig: &awscloudfront.CfnOriginAccessControl_OriginAccessControlConfigProperty{
			Name: text(d.name("pages")), OriginAccessControlOriginType: text("s3"), SigningBehavior: text("always"), SigningProtocol: text("sigv4"),
		},
	})
	distribution := awscloudfront.NewCfnDistribution(d.Stack, text("Web"), &awscloudfront.CfnDistributionProps{
		DistributionConfig: &awscloudfront.CfnDistribution_DistributionConfigProperty{
			Comment: text(d.name("")), Enabled: jsii.Bool(true), HttpVersion: text("http2and3"), Ipv6Enabled: jsii.Bool(true),
			PriceClass: text("PriceClass_All"), DefaultRootObject: text("index.html"),
			Origins: &[]any{
				&awscloudfront.CfnDistribution_OriginProperty{
					Id: text("pages"), DomainName: d.pages.BucketRegionalDomainName(), OriginAccessControlId: access.AttrId(),
					S3OriginConfig: &awscloudfront.CfnDistribution_S3OriginConfigProperty{OriginAccessIdentity: text("")},
				},
				d.apiOrigin("http", d.http.Ref()), d.apiOrigin("live", d.live.Ref()),
			},
			DefaultCacheBehavior: d.pagesBehavior(), CacheBehaviors: d.apiBehaviors(),
			Aliases: d.aliases(), ViewerCertificate: d.viewerCertificate(),
		},
	})
	d.web = distribution.AttrDomainName()
	d.pages.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings("s3:GetObject"), Resources: &[]*string{join(d.pages.BucketArn(), text("/*"))},
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(text("cloudfront.amazonaws.com"), nil)},
		Conditions: &map[string]any{"StringEquals": map[string]any{"AWS:SourceArn": join(text("arn:"), d.Partition(), text(":cloudfront::"), d.Account(),
			text(":distribution/"), distribution.Ref())}},
	}))
	d.public = join(text("https://"), d.web)
	if d.Public != "" {
		d.public = text(strings.TrimRight(d.Public, "/"))
	}
}

// aliases is the name of one's own under which CloudFront answers, if it has a certificate for it.
func (d *desk) aliases() *[]*string {
	if d.Certificate == "" {
		return nil
	}
	return &[]*string{text(d.host())}
}

func (d *desk) viewerCertificate() any {
	if d.Certificate == "" {
		return nil // CloudFront's own, for its own name
	}
	return &awscloudfront.CfnDistribution_ViewerCertificateProperty{
		AcmCertificateArn: text(d.Certificate), SslSupportMethod: text("sni-only"), MinimumProtocolVersion: text("TLSv1.2_2021"),
	}
}

func (d *desk) apiOrigin(name string, api *string) *awscloudfront.CfnDistribution_OriginProperty {
	return &awscloudfront.CfnDistribution_OriginProperty{
		Id: text(name), DomainName: join(api, text(".execute-api."), d.Region(), text("."), d.UrlSuffix()),
		CustomOriginConfig: &awscloudfront.CfnDistribution_CustomOriginConfigProperty{
			OriginProtocolPolicy: text("https-only"), OriginSslProtocols: jsii.Strings("TLSv1.2"),
		},
	}
}

// pagesBehavior serves the console, with the headers that keep a page to itself.
func (d *desk) pagesBehavior() *awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty {
	return &awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty{
		TargetOriginId: text("pages"), ViewerProtocolPolicy: text("redirect-to-https"), CachePolicyId: text(cacheByHeaders), Compress: jsii.Bool(true),
		ResponseHeadersPolicyId: d.pageHeaders("pages", "'none'", map[string]string{"Cross-Origin-Opener-Policy": "same-origin"}),
		FunctionAssociations:    d.atThePages(),
	}
}

// widgetBehavior serves the widget: its script to pages of others, and the page in the frame that they show. Which sites
// may, CloudFront does not know; any may.
func (d *desk) widgetBehavior() *awscloudfront.CfnDistribution_CacheBehaviorProperty {
	return &awscloudfront.CfnDistribution_CacheBehaviorProperty{
		PathPattern: text("/widget*"), TargetOriginId: text("pages"), ViewerProtocolPolicy: text("redirect-to-https"),
		CachePolicyId: text(cacheByHeaders), Compress: jsii.Bool(true), FunctionAssociations: d.atThePages(),
		ResponseHeadersPolicyId: d.pageHeaders("widget", "*", map[string]string{"Cross-Origin-Resource-Policy": "cross-origin"}),
	}
}

// atThePages runs pages.js; one function does for both behaviours.
func (d *desk) atThePages() *[]any {
	const name = "AtThePages"
	made, ok := d.Stack.Node().TryFindChild(text(name)).(awscloudfront.CfnFunction)
	if !ok {
		places, err := json.Marshal(config.ConsolePlaces)
		if err != nil {
			panic(err) // a list of words
		}
		made = awscloudfront.NewCfnFunction(d.Stack, text(name), &awscloudfront.CfnFunctionProps{
			Name: text(d.name("pages")), AutoPublish: jsii.Bool(true), FunctionCode: text(strings.Replace(atThePages, "PLACES", string(places), 1)),
			FunctionConfig: &awscloudfront.CfnFunction_FunctionConfigProperty{Comment: text("the console's addresses"), Runtime: text("cloudfront-js-2.0")},
		})
	}
	return &[]any{&awscloudfront.CfnDistribution_FunctionAssociationProperty{EventType: text("viewer-request"), FunctionArn: made.AttrFunctionArn()}}
}

// pageHeaders let a page load its own files, call its own desk, sign in and show attachments, and the sites of ancestors
// frame it; more are headers besides.
func (d *desk) pageHeaders(name, ancestors string, more map[string]string) *string {
	files := join(text("https://"), d.files.BucketRegionalDomainName())
	connect := join(text("https://cognito-idp."), d.Region(), text(".amazonaws.com "), d.signInURL(), text(" "), files)
	more["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
	var custom []any
	for _, header := range slices.Sorted(maps.Keys(more)) {
		custom = append(custom, &awscloudfront.CfnResponseHeadersPolicy_CustomHeaderProperty{Header: text(header), Value: text(more[header]), Override: jsii.Bool(true)})
	}
	var frames *awscloudfront.CfnResponseHeadersPolicy_FrameOptionsProperty
	if ancestors == "'none'" {
		frames = &awscloudfront.CfnResponseHeadersPolicy_FrameOptionsProperty{FrameOption: text("DENY"), Override: jsii.Bool(true)}
	}
	return awscloudfront.NewCfnResponseHeadersPolicy(d.Stack, text("Headers"+id(name)), &awscloudfront.CfnResponseHeadersPolicyProps{
		ResponseHeadersPolicyConfig: &awscloudfront.CfnResponseHeadersPolicy_ResponseHeadersPolicyConfigProperty{
			Name:                text(d.name(name)),
			CustomHeadersConfig: &awscloudfront.CfnResponseHeadersPolicy_CustomHeadersConfigProperty{Items: &custom},
			SecurityHeadersConfig: &awscloudfront.CfnResponseHeadersPolicy_SecurityHeadersConfigProperty{
				ContentSecurityPolicy: &awscloudfront.CfnResponseHeadersPolicy_ContentSecurityPolicyProperty{
					ContentSecurityPolicy: text(config.PagePolicy(*connect, *files, ancestors)), Override: jsii.Bool(true),
				},
				ContentTypeOptions: &awscloudfront.CfnResponseHeadersPolicy_ContentTypeOptionsProperty{Override: jsii.Bool(true)}, FrameOptions: frames,
				ReferrerPolicy: &awscloudfront.CfnResponseHeadersPolicy_ReferrerPolicyProperty{
					ReferrerPolicy: text("no-referrer"), Override: jsii.Bool(true),
				},
				StrictTransportSecurity: &awscloudfront.CfnResponseHeadersPolicy_StrictTransportSecurityProperty{
					AccessControlMaxAgeSec: jsii.Number(2 * 365 * 24 * 3600), IncludeSubdomains: jsii.Bool(true), Override: jsii.Bool(true),
				},
			},
		},
	}).Ref()
}

// apiBehaviors lead the doors to the APIs, of which nothing is cached; then comes the widget, whose paths begin as those
// of its door.
func (d *desk) apiBehaviors() *[]any {
	atDoor := awscloudfront.NewCfnFunction(d.Stack, text("AtTheDoor"), &awscloudfront.CfnFunctionProps{
		Name: text(d.name("door")), AutoPublish: jsii.Bool(true), FunctionCode: text(atTheDoor),
		FunctionConfig: &awscloudfront.CfnFunction_FunctionConfigProperty{Comment: text("the caller's address; the way of bots"), Runtime: text("cloudfront-js-2.0")},
	})
	door := []any{&awscloudfront.CfnDistribution_FunctionAssociationProperty{EventType: text("viewer-request"), FunctionArn: atDoor.AttrFunctionArn()}}
	behavior := func(path, origin string) *awscloudfront.CfnDistribution_CacheBehaviorProperty {
		return &awscloudfront.CfnDistribution_CacheBehaviorProperty{
			PathPattern: text(path), TargetOriginId: text(origin), ViewerProtocolPolicy: text("https-only"), Compress: jsii.Bool(true),
			AllowedMethods: jsii.Strings("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"),
			CachePolicyId:  text(cacheNothing), OriginRequestPolicyId: text(forwardAllButIt), FunctionAssociations: &door,
		}
	}
	return &[]any{
		behavior("/v1/*", "http"), behavior("/widget/v1/*", "http"), behavior("/webhooks/*", "http"), behavior("/"+liveStage, "live"), d.widgetBehavior(),
	}
}
