package config

import "strings"

// Unhandled names the dead letters that belong to no .fifo queue: jobs of the other queues, changes of the table, timers.
const Unhandled = "unhandled"

// DeadLettersOf gives the name of the dead letters of a queue. A .fifo queue has dead letters of its own, since order
// and kind are the queue's; all else, which nobody waits behind, shares one place to look into, and one alarm.
func DeadLettersOf(queue string) string {
	if strings.HasSuffix(queue, ".fifo") {
		return queue
	}
	return Unhandled
}

// Alarms names the alarms of the stack. Each costs a dime a month, so what watches little more than another does is
// left out; docs/decisions/0009 tells which and why.
func Alarms() []string {
	names := []string{"Dead/" + Unhandled, "AgeStream", "Errors", "Throttles", "Refused", "Bounces"}
	for _, f := range Functions {
		if DeadLettersOf(f.Queue) == f.Queue && f.Queue != "" {
			names = append(names, "Dead/"+f.Queue, "Age/"+f.Queue)
		}
	}
	return names
}
