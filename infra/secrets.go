package infra

import "strings"

// Secrets lie in SSM as encrypted parameters, /relevo/<stage>/<account>/<name>. CloudFormation cannot make such, and a
// template is no place for them: `relevo account create` does, and a function those that the wiring table lets it make.

// secretsPath is what all names of secrets begin with.
func (d *desk) secretsPath() string { return "/relevo/" + d.Stage }

// secretARNs are the parameters of these secrets.
func (d *desk) secretARNs(names []string) []*string {
	var arns []*string
	for _, name := range names {
		arns = append(arns, d.secretARN(name))
	}
	return arns
}

// secretARN is what a function may read to have the secret of any account: accounts and inboxes come while the stack
// stands. name is as in config's wiring table.
func (d *desk) secretARN(name string) *string {
	return d.arn("ssm", "parameter", text(d.secretsPath()+"/*/"+strings.TrimPrefix(name, "/")))
}
