package api

import (
	"github.com/relevo/relevo/internal/desk"
)

// The small nouns of the settings: departments, labels, canned replies, bots.

type departmentBody struct {
	Name string `json:"name"`
}

func (b departmentBody) describe(d *desk.Department) error { //nolint:unparam // as every body does
	d.Name = b.Name
	return nil
}

type departmentShape struct {
	ID      desk.DepartmentID `json:"id"`
	Name    string            `json:"name"`
	Agents  int               `json:"agents"`
	Deleted bool              `json:"deleted,omitzero"`
}

func departmentOf(s *desk.Settings, d desk.Department) departmentShape {
	return departmentShape{d.ID, d.Name, len(s.Members(d.ID)), d.Deleted}
}

func allDepartments(s *desk.Settings) map[desk.DepartmentID]desk.Department { return s.Departments }

func departmentGone(d desk.Department) bool { return d.Deleted }

var departmentSettings = setting[desk.Department, departmentBody]{
	kind:  desk.DepartmentSetting,
	find:  in(allDepartments),
	gone:  departmentGone,
	fresh: bare(func(id string) desk.Department { return desk.Department{ID: desk.DepartmentID(id)} }),
	shape: func(s *desk.Settings, _ desk.Who, d desk.Department) any { return departmentOf(s, d) },
}

// departments serves GET /v1/departments (B40-B42).
func (s *Server) departments() staffAct {
	return settingsList(s, allDepartments, departmentGone, departmentOf)
}

type labelBody struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

func (b labelBody) describe(l *desk.Label) error { //nolint:unparam // as every body does
	l.Name, l.Color = b.Name, b.Color
	return nil
}

type labelShape struct {
	ID      desk.LabelID `json:"id"`
	Name    string       `json:"name"`
	Color   string       `json:"color"`
	Deleted bool         `json:"deleted,omitzero"`
}

func labelOf(_ *desk.Settings, l desk.Label) labelShape {
	return labelShape(l)
}

func allLabels(s *desk.Settings) map[desk.LabelID]desk.Label { return s.Labels }

func labelGone(l desk.Label) bool { return l.Deleted }

var labelSettings = setting[desk.Label, labelBody]{
	kind:  desk.LabelSetting,
	find:  in(allLabels),
	gone:  labelGone,
	fresh: bare(func(id string) desk.Label { return desk.Label{ID: desk.LabelID(id)} }),
	shape: func(s *desk.Settings, _ desk.Who, l desk.Label) any { return labelOf(s, l) },
}

// labels serves GET /v1/labels.
func (s *Server) labels() staffAct { return settingsList(s, allLabels, labelGone, labelOf) }

type cannedBody struct {
	Short string `json:"short"`
	Text  string `json:"text"`
}

func (b cannedBody) describe(c *desk.Canned) error { //nolint:unparam // as every body does
	c.Short, c.Text = b.Short, b.Text
	return nil
}

type cannedShape struct {
	ID      desk.CannedID `json:"id"`
	Short   string        `json:"short"`
	Text    string        `json:"text"`
	Deleted bool          `json:"deleted,omitzero"`
}

func cannedOf(_ *desk.Settings, c desk.Canned) cannedShape { return cannedShape(c) }

func allCanned(s *desk.Settings) map[desk.CannedID]desk.Canned { return s.Canned }

func cannedGone(c desk.Canned) bool { return c.Deleted }

var cannedSettings = setting[desk.Canned, cannedBody]{
	kind:  desk.CannedSetting,
	find:  in(allCanned),
	gone:  cannedGone,
	fresh: bare(func(id string) desk.Canned { return desk.Canned{ID: desk.CannedID(id)} }),
	shape: func(s *desk.Settings, _ desk.Who, c desk.Canned) any { return cannedOf(s, c) },
}

// canned serves GET /v1/canned (B28).
func (s *Server) canned() staffAct { return settingsList(s, allCanned, cannedGone, cannedOf) }
