package infra

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"

	"github.com/relevo/relevo/internal/config"
)

// namespace holds the metrics that functions write into their logs (EMF).
const namespace = "Relevo"

// addDashboard shows the desk's day on one page: what came, how long it took, what waits and what failed.
func (d *desk) addDashboard() {
	board := awscloudwatch.NewDashboard(d.Stack, text("Dashboard"), &awscloudwatch.DashboardProps{DashboardName: text(d.name("desk"))})
	var errors, durations, waiting, dead []awscloudwatch.IMetric
	for _, row := range config.Functions {
		function := d.functions[row.Name]
		errors = append(errors, function.MetricErrors(nil))
		durations = append(durations, function.MetricDuration(&awscloudwatch.MetricOptions{Statistic: text("p99")}))
		if row.Queue != "" {
			waiting = append(waiting, d.queues[row.Queue].MetricApproximateNumberOfMessagesVisible(nil))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.dead)) {
		dead = append(dead, d.dead[name].MetricApproximateNumberOfMessagesVisible(nil))
	}
	ours := func(name, statistic string) awscloudwatch.IMetric {
		return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
			Namespace: text(namespace), MetricName: text(name), Statistic: text(statistic), DimensionsMap: &map[string]*string{"stage": text(d.Stage)},
		})
	}
	graph := func(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
		width, height := 12.0, 6.0
		return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{Title: text(title), Left: &metrics, Width: &width, Height: &height})
	}
	board.AddWidgets(graph("Messages", ours("Messages", "Sum")), graph("Refusals", ours("Refusals", "Sum")))
	board.AddWidgets(graph("Latency of acts (ms)", ours("Latency", "p50"), ours("Latency", "p99")), graph("Duration, p99 (ms)", durations...))
	board.AddWidgets(graph("Errors", errors...), graph("Waiting jobs", waiting...))
	board.AddWidgets(graph("Dead letters", dead...), graph("Table", d.table.MetricConsumedReadCapacityUnits(nil), d.table.MetricConsumedWriteCapacityUnits(nil)))
}
