package main

// The list prices of AWS in us-east-1, in dollars, as of 2026-11-22 (aws.amazon.com/<service>/pricing).
const (
	priceHTTP       = 1.00 / million  // API Gateway: request of an HTTP API
	priceFrame      = 1.00 / million  // API Gateway: message of a WebSocket API, each 32 KiB
	priceConnected  = 0.25 / million  // API Gateway: minute of a connection
	priceInvocation = 0.20 / million  // Lambda: request
	priceGBSecond   = 0.0000133334    // Lambda: GB-second, arm64
	priceWrite      = 0.625 / million // DynamoDB on demand: write unit
	priceRead       = 0.125 / million // DynamoDB on demand: read unit
	priceTableGB    = 0.25 + 0.20     // DynamoDB: GB-month, and of point-in-time recovery
	priceJob        = 0.40 / million  // SQS: request, standard
	priceFIFOJob    = 0.50 / million  // SQS: request, FIFO
	priceTimer      = 1.00 / million  // EventBridge Scheduler: invocation
	priceMail       = 0.10 / 1000     // SES: mail
	priceLogGB      = 0.50            // CloudWatch Logs: GB taken in
	priceLogKept    = 0.03            // CloudWatch Logs: GB-month
	priceAlarm      = 0.10            // CloudWatch: alarm of one metric, a month
	priceMetric     = 0.30            // CloudWatch: metric of one's own, a month, by the hours in which it is sent
	priceKMS        = 0.03 / 10000    // KMS: request; the key itself is AWS's and free
	priceFileGB     = 0.023           // S3: GB-month
	million         = 1e6
)

// allowances are what every account has free each month, for good, by position: prices that AWS lists as "always free".
// The allowances of an account's first year are left out.
var allowances = map[string]float64{
	lambdaInvocations: 1 * million, lambdaGBSeconds: 400_000,
	fifoRequests:  1 * million, // of all queues together; the dearer ones are named here
	logsTaken:     5,           // GB
	ownMetrics:    10,
	alarmsOfStack: 10,
	tableKept:     25, // GB; its backups are not free, which makes no difference of note
	kmsRequests:   20_000,
	timersFired:   14 * million,
}

// What is free of charge without a price of its own: three dashboards; standard parameters of the Parameter Store; the
// stream's reads by Lambda; at CloudFront 10 M requests, 2 M function runs and 1 TB a month; at Cognito 10,000 people who
// sign in a month.

// The positions of a bill that have an allowance.
const (
	lambdaInvocations = "Lambda, invocations"
	lambdaGBSeconds   = "Lambda, GB-seconds"
	fifoRequests      = "SQS FIFO, requests"
	logsTaken         = "CloudWatch, GB of logs"
	ownMetrics        = "CloudWatch, own metrics"
	alarmsOfStack     = "CloudWatch, alarms"
	tableKept         = "Table, GB"
	kmsRequests       = "KMS, requests"
	timersFired       = "Scheduler, timers"
)

// What is taken for granted where nothing can be counted here.
const (
	monthSeconds  = 30 * 24 * 3600
	pollers       = 5    // that Lambda keeps at a queue with nothing in it
	pollSeconds   = 20   // that each of their requests waits
	jobRequests   = 2.62 // of SQS for one job: sent, deleted, and what it adds to the polling of an empty queue at 23 a minute
	tableMillis   = 5.0  // that a call to the table takes, one after another
	startMillis   = 3.0  // that an invocation takes besides, cold starts included
	pushMillis    = 10.0 // that pushing takes, in the function that does it
	accessLogLine = 70   // bytes of the API's log, a request
	logHead       = 26   // bytes that CloudWatch adds to a line
	warmFunctions = 2    // instances of a function that are warm at once in a busy month
	agentsAtWork  = 20   // for a million messages a month
	agentHours    = 8 * 22
	talkMinutes   = 10   // that a visitor's widget is open in a conversation
	pingSeconds   = 50   // between two pings of a console or a widget
	secretMinutes = 15   // for which a function believes a secret
	itemBytes     = 1000 // of the table, for a message and its share of all else
	mailShare     = 0.1  // of conversations that are mailed
	talkMessages  = 20
)
