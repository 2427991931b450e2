package store

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// hoursForm keeps the public holidays as one text: as numbers of a list they would weigh twice as much.
func hoursForm(f *form, v *desk.Hours) {
	text(f, "id", &v.ID)
	text(f, "name", &v.Name)
	text(f, "zone", &v.TimeZone)
	for day := range v.Week { // hours0 is Sunday
		list(f, fmt.Sprintf("hours%d", day), &v.Week[day], spanForm)
	}
	text(f, "country", &v.Country)
	days(f, "public", &v.Public)
	list(f, "own", &v.Own, ownDayForm)
	flag(f, "deleted", &v.Deleted)
}

func ownDayForm(f *form, v *desk.OwnDay) {
	number(f, "day", &v.Day)
	text(f, "name", &v.Name)
	list(f, "spans", &v.Spans, spanForm)
}

// days are dates in one text, separated by blanks.
func days(f *form, name string, v *[]desk.Day) {
	var all string
	if !f.read {
		written := make([]string, len(*v))
		for i, day := range *v {
			written[i] = strconv.Itoa(int(day))
		}
		all = strings.Join(written, " ")
	}
	text(f, name, &all)
	if !f.read {
		return
	}
	for _, written := range strings.Fields(all) {
		day, err := strconv.Atoi(written)
		if err != nil {
			f.fail(name, err)
			return
		}
		*v = append(*v, desk.Day(day))
	}
}

func contractForm(f *form, v *desk.Contract) {
	text(f, "id", &v.ID)
	text(f, "name", &v.Name)
	texts(f, "contacts", &v.Contacts)
	texts(f, "services", &v.Services)
	texts(f, "inboxes", &v.Inboxes)
	text(f, "hours", &v.Hours)
	list(f, "promises", &v.Promises, promiseForm)
	flag(f, "restart", &v.Restart)
	number(f, "warnAt", &v.WarnAt)
	list(f, "escalations", &v.Escalations, escalationForm)
	flag(f, "deleted", &v.Deleted)
}

func promiseForm(f *form, v *desk.Promise) {
	text(f, "priority", &v.Priority)
	span(f, "first", &v.FirstResponse)
	span(f, "next", &v.NextResponse)
	span(f, "resolution", &v.Resolution)
}

func escalationForm(f *form, v *desk.Escalation) {
	flag(f, "atWarning", &v.AtWarning)
	text(f, "target", &v.Target)
	text(f, "act", &v.Act)
	texts(f, "agents", &v.Agents)
	text(f, "agent", &v.Agent)
	text(f, "department", &v.Department)
}
