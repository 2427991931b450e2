package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/jsii-runtime-go"
)

// addSignIn makes the user pool of the agents, with Cognito's own sign-in pages, and the console's client: a public one,
// so without a secret, by authorization code and PKCE. Only an administrator makes users.
func (d *desk) addSignIn() {
	protection := "INACTIVE"
	if d.Stage == "prod" {
		protection = "ACTIVE"
	}
	d.pool = awscognito.NewCfnUserPool(d.Stack, text("Users"), &awscognito.CfnUserPoolProps{
		UserPoolName:           text(d.name("agents")),
		UserPoolTier:           text("ESSENTIALS"),
		UsernameAttributes:     jsii.Strings("email"),
		AutoVerifiedAttributes: jsii.Strings("email"),
		DeletionProtection:     text(protection),
		MfaConfiguration:       text("OPTIONAL"),
		EnabledMfas:            jsii.Strings("SOFTWARE_TOKEN_MFA"),
		AdminCreateUserConfig:  &awscognito.CfnUserPool_AdminCreateUserConfigProperty{AllowAdminCreateUserOnly: jsii.Bool(true)},
		AccountRecoverySetting: &awscognito.CfnUserPool_AccountRecoverySettingProperty{RecoveryMechanisms: &[]any{
			&awscognito.CfnUserPool_RecoveryOptionProperty{Name: text("verified_email"), Priority: jsii.Number(1)},
		}},
		Policies: &awscognito.CfnUserPool_PoliciesProperty{PasswordPolicy: &awscognito.CfnUserPool_PasswordPolicyProperty{
			MinimumLength: jsii.Number(12), RequireLowercase: jsii.Bool(false), RequireUppercase: jsii.Bool(false), // ASVS 6.2.5: length, no rules of composition
			RequireNumbers: jsii.Bool(false), RequireSymbols: jsii.Bool(false), TemporaryPasswordValidityDays: jsii.Number(7),
		}},
	})
	d.pool.ApplyRemovalPolicy(d.removal(), nil)
	awscognito.NewCfnUserPoolDomain(d.Stack, text("SignInPages"), &awscognito.CfnUserPoolDomainProps{
		UserPoolId: d.pool.Ref(), Domain: d.signInHost(), ManagedLoginVersion: jsii.Number(1),
	})
	back := &[]*string{join(d.public, text("/"))}
	d.client = awscognito.NewCfnUserPoolClient(d.Stack, text("Console"), &awscognito.CfnUserPoolClientProps{
		UserPoolId: d.pool.Ref(), ClientName: text(d.name("console")), GenerateSecret: jsii.Bool(false),
		AllowedOAuthFlowsUserPoolClient: jsii.Bool(true), AllowedOAuthFlows: jsii.Strings("code"),
		AllowedOAuthScopes: jsii.Strings("openid", "email", "profile"), SupportedIdentityProviders: jsii.Strings("COGNITO"),
		CallbackUrLs: back, LogoutUrLs: back,
		ExplicitAuthFlows:   jsii.Strings("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"),
		AccessTokenValidity: jsii.Number(60), IdTokenValidity: jsii.Number(60), RefreshTokenValidity: jsii.Number(12),
		TokenValidityUnits: &awscognito.CfnUserPoolClient_TokenValidityUnitsProperty{
			AccessToken: text("minutes"), IdToken: text("minutes"), RefreshToken: text("hours"),
		},
		EnableTokenRevocation: jsii.Bool(true), PreventUserExistenceErrors: text("ENABLED"),
	})
}

// signInHost is the first part of the address of the sign-in pages; such names are shared by all of AWS.
func (d *desk) signInHost() *string { return join(text(d.name("")+"-"), d.Account()) }

func (d *desk) signInURL() *string {
	return join(text("https://"), d.signInHost(), text(".auth."), d.Region(), text(".amazoncognito.com"))
}

// issuer is the issuer as access tokens name it.
func (d *desk) issuer() *string {
	return join(text("https://cognito-idp."), d.Region(), text("."), d.UrlSuffix(), text("/"), d.pool.Ref())
}
