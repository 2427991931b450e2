package api

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/relevo/relevo/internal/desk"
)

// hoursBody describes business hours whole. Public holidays follow from the country.
type hoursBody struct {
	Name     string        `json:"name"`
	TimeZone string        `json:"time_zone"`
	Week     [][]spanShape `json:"week"`
	Country  string        `json:"country,omitzero"`
	Own      []ownDayShape `json:"own"`
}

type ownDayShape struct {
	Day   string      `json:"day"`
	Name  string      `json:"name"`
	Spans []spanShape `json:"spans"`
}

type hoursShape struct {
	ID desk.HoursID `json:"id"`
	hoursBody
	PublicUntil string `json:"public_until,omitzero"`
	Deleted     bool   `json:"deleted,omitzero"`
}

func spanOf(s desk.Span) spanShape { return spanShape(s) }

func hoursOf(_ *desk.Settings, h desk.Hours) hoursShape {
	out := hoursShape{ID: h.ID, Deleted: h.Deleted, hoursBody: hoursBody{Name: h.Name, TimeZone: h.TimeZone, Country: h.Country}}
	for _, day := range h.Week {
		out.Week = append(out.Week, shapes(day, spanOf))
	}
	out.Own = shapes(h.Own, func(o desk.OwnDay) ownDayShape { return ownDayShape{o.Day.String(), o.Name, shapes(o.Spans, spanOf)} })
	if n := len(h.Public); n > 0 {
		out.PublicUntil = h.Public[n-1].String()
	}
	return out
}

func spansOf(given []spanShape) []desk.Span {
	if len(given) == 0 {
		return nil
	}
	return shapes(given, func(s spanShape) desk.Span { return desk.Span(s) })
}

func (b hoursBody) describe(h *desk.Hours) error {
	if len(b.Week) != len(h.Week) {
		return desk.InvalidField("week", "want 7 days, Sunday first")
	}
	if len(b.Own) > desk.MaxOwnDays {
		return desk.InvalidField("own", "are more than %d", desk.MaxOwnDays)
	}
	described := desk.Hours{ID: h.ID, Deleted: h.Deleted, Name: b.Name, TimeZone: b.TimeZone, Country: b.Country}
	for i, day := range b.Week {
		described.Week[i] = spansOf(day)
	}
	for i, own := range b.Own {
		day, err := desk.ParseDay(fmt.Sprintf("own.%d.day", i), own.Day)
		if err != nil {
			return err
		}
		described.Own = append(described.Own, desk.OwnDay{Day: day, Name: own.Name, Spans: spansOf(own.Spans)})
	}
	*h = described
	return nil
}

func allHours(s *desk.Settings) map[desk.HoursID]desk.Hours { return s.Hours }

func hoursGone(h desk.Hours) bool { return h.Deleted }

var hoursSettings = setting[desk.Hours, hoursBody]{
	kind:  desk.HoursSetting,
	find:  in(allHours),
	gone:  hoursGone,
	fresh: bare(func(id string) desk.Hours { return desk.Hours{ID: desk.HoursID(id)} }),
	shape: func(s *desk.Settings, _ desk.Who, h desk.Hours) any { return hoursOf(s, h) },
}

// hours serves GET /v1/settings/hours.
func (s *Server) hours() staffAct { return settingsList(s, allHours, hoursGone, hoursOf) }

type holidayShape struct {
	Day  string `json:"day"`
	Name string `json:"name"`
}

// holidays serves GET /v1/settings/holidays: what closing on a country's public holidays means.
func (s *Server) holidays(r *http.Request, _ desk.Who) (answer, error) {
	q := queryOf(r, "country", "year")
	if q.err != nil {
		return answer{}, q.err
	}
	year, err := strconv.Atoi(q.values.Get("year"))
	if err != nil || year < 1970 || year > 9999 {
		return answer{}, desk.InvalidField("year", "want a year from 1970 to 9999")
	}
	days, err := s.desk.PublicHolidays(q.values.Get("country"), year)
	if err != nil {
		return answer{}, err
	}
	return ok(listing[holidayShape]{Items: shapes(days, func(h desk.Holiday) holidayShape { return holidayShape{h.Day.String(), h.Name} })}), nil
}
