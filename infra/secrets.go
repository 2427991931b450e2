package infra

import "strings"

// Secrets lie in SSM as encrypted parameters, /relevo/<stage>/<account>/<name>. CloudFormation cannot make such, and a
// template is no place for them: `relevo account create` does, and the console's settings name none of them.

// secretsPath is what all names of secrets begin with.
func (d *desk) secretsPath() string { return "/relevo/" + d.Stage }

// secretARN is what a function may read to have the secret of any account: accounts and inboxes come while the stack
// stands. name is as in config's wiring table.
func (d *desk) secretARN(name string) *string {
	return d.arn("ssm", "parameter", text(d.secretsPath()+"/*/"+strings.TrimPrefix(name, "/")))
}
