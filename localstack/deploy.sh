#!/usr/bin/env bash
# Deploys the whole stack to an emulator of AWS, and prints its addresses. Needs Go, Node.js 20 or newer with npm, and the
# emulator running: make emulator. Run by make emulator-deploy, which builds functions, pages and relevo first.
#
# MINISTACK_PORT is the emulator's port, 4566 by default; or ENDPOINT its whole address.
# FRONT is where a front such as that of the scenarios stands in for CloudFront: http://127.0.0.1:8090 by default.
set -euo pipefail

cd "$(dirname "$0")/.."
source localstack/within.sh
endpoint=${ENDPOINT:-http://localhost:${MINISTACK_PORT:-4566}}
front=${FRONT:-http://127.0.0.1:8090}
arch=$(go env GOHOSTARCH) # emulators run binaries of this machine, whatever a template says
work=$PWD/.cache/cdk
outputs=$work/outputs.json

give_up() {
	echo "emulator-deploy: $*" >&2
	exit 1
}

emulator_answers "$endpoint" || exit 1
# CloudFormation is asked as the CDK asks it: what answers may be a web server, or an emulator without it.
curl --silent --fail --max-time 10 --output /dev/null "$endpoint/" -d 'Action=ListStacks&Version=2010-05-15' \
	-H 'Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=x' ||
	give_up "what answers at $endpoint has no CloudFormation, so it is no emulator of the whole of AWS: choose the port of make emulator (MINISTACK_PORT), or see localstack/README.md."
if [[ ${1:-} == look ]]; then
	exit # asked before anything is built
fi
if [[ ! -x localstack/node_modules/.bin/cdklocal ]]; then
	npm ci --prefix localstack --no-audit --no-fund --ignore-scripts >/dev/null || give_up "npm could not fetch the CDK's command line (a network or proxy?)."
fi

# No real credentials may get near it, and Node.js 20 is what many still have.
unset AWS_PROFILE AWS_SESSION_TOKEN
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
export AWS_ENDPOINT_URL=$endpoint AWS_ENDPOINT_URL_S3=$endpoint JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1 CDK_DISABLE_CLI_TELEMETRY=true
cdk=$PWD/localstack/node_modules/.bin/cdklocal

mkdir -p "$work/empty" bin
go build -o bin/infra ./infra/app
(cd "$work/empty" && "$cdk" bootstrap aws://000000000000/us-east-1 >"$work/bootstrap.log" 2>&1) ||
	give_up "the CDK's bootstrap failed: $(grep -v '^$' "$work/bootstrap.log" | tail -n 5)
Begin with an empty emulator: make emulator-stop emulator emulator-deploy. All of its words are in $work/bootstrap.log."
# The bootstrap's bucket refuses plain HTTP, which is all that an emulator speaks.
curl --silent --fail --output /dev/null -X DELETE "$endpoint/cdk-hnb659fds-assets-000000000000-us-east-1?policy" \
	-H 'Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x' || true
began=$EPOCHREALTIME
"$cdk" synth --app bin/infra --output "$work/out" --quiet -c stage=dev -c emulator=true -c endpoint="$endpoint" -c arch="$arch" \
	-c binaries="bin/functions/$arch" -c mail=desk@relevo.test -c public="$front" -c graph="$front/graph" >"$work/synth.log" 2>&1 ||
	give_up "the stack cannot be synthesized: $(tail -n 20 "$work/synth.log")"
within "cdk synth" 15 "$began"
began=$EPOCHREALTIME
"$cdk" deploy --app "$work/out" --all --require-approval never --outputs-file "$outputs" --progress events --ci >"$work/deploy.log" 2>&1 ||
	give_up "the deployment failed: $(tail -n 20 "$work/deploy.log")
If the stack is stuck (its state begins with ROLLBACK or ends with FAILED), begin with an empty emulator: make emulator-stop emulator emulator-deploy. All of its words are in $work/deploy.log."
within "cdk deploy" 60 "$began"
bin/relevo publish -stage dev

node - "$outputs" "$endpoint" <<'END'
const out = JSON.parse(require("node:fs").readFileSync(process.argv[2]))["relevo-dev"], end = process.argv[3];
console.log(`HTTP API   ${end}/_aws/execute-api/${out.ApiID}/$default`);
console.log(`live       ${end.replace("http", "ws")}/_aws/execute-api/${out.LiveID}/live`);
for (const name of Object.keys(out).sort()) console.log(name.padEnd(10), out[name]);
END
