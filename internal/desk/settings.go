package desk

// Settings are everything that is set in an account, read in one query and shared by readers: nobody changes a
// Settings value that he was given.
type Settings struct {
	Account     Account
	Agents      map[AgentID]Agent
	Departments map[DepartmentID]Department
	Inboxes     map[InboxID]Inbox
	Labels      map[LabelID]Label
	Canned      map[CannedID]Canned
	Bots        map[BotID]Bot
	Tickets     TicketSettings // the default ones where none are set
	Hours       map[HoursID]Hours
	Contracts   map[ContractID]Contract
}

// SettingKind names a kind of setting in events and routes.
type SettingKind string

// The kinds of settings.
const (
	AccountSetting    SettingKind = "account"
	AgentSetting      SettingKind = "agent"
	DepartmentSetting SettingKind = "department"
	InboxSetting      SettingKind = "inbox"
	LabelSetting      SettingKind = "label"
	CannedSetting     SettingKind = "canned"
	BotSetting        SettingKind = "bot"
	HoursSetting      SettingKind = "hours"
	ContractSetting   SettingKind = "contract"
)

// Setting is one noun of the settings: Account, Agent, Department, Inbox, Label, Canned, Bot, Hours
// or Contract.
type Setting interface {
	// Setting gives the kind and the id under which it is kept.
	Setting() (SettingKind, string)
	// Validate refuses values that make no sense, naming the field.
	Validate() error
}

// Setting implements [Setting].
func (a Account) Setting() (SettingKind, string) { return AccountSetting, string(a.ID) }

// Setting implements [Setting].
func (a Agent) Setting() (SettingKind, string) { return AgentSetting, string(a.ID) }

// Setting implements [Setting].
func (d Department) Setting() (SettingKind, string) { return DepartmentSetting, string(d.ID) }

// Setting implements [Setting].
func (i Inbox) Setting() (SettingKind, string) { return InboxSetting, string(i.ID) }

// Setting implements [Setting].
func (l Label) Setting() (SettingKind, string) { return LabelSetting, string(l.ID) }

// Setting implements [Setting].
func (c Canned) Setting() (SettingKind, string) { return CannedSetting, string(c.ID) }

// Setting implements [Setting].
func (b Bot) Setting() (SettingKind, string) { return BotSetting, string(b.ID) }

// Setting implements [Setting].
func (h Hours) Setting() (SettingKind, string) { return HoursSetting, string(h.ID) }

// Setting implements [Setting].
func (k Contract) Setting() (SettingKind, string) { return ContractSetting, string(k.ID) }

// agent gives an agent who still works here.
func (s *Settings) agent(field string, id AgentID) (Agent, error) {
	a, ok := s.Agents[id]
	if !ok || a.Deleted {
		return Agent{}, InvalidField(field, "no such agent")
	}
	return a, nil
}

// department gives a department that still exists.
func (s *Settings) department(field string, id DepartmentID) (Department, error) {
	d, ok := s.Departments[id]
	if !ok || d.Deleted {
		return Department{}, InvalidField(field, "no such department")
	}
	return d, nil
}

// inbox gives an inbox, deleted or not: its old conversations go on.
func (s *Settings) inbox(id InboxID) (Inbox, error) {
	i, ok := s.Inboxes[id]
	if !ok {
		return Inbox{}, &Error{Code: NotFound, Message: "no such inbox"}
	}
	return i, nil
}

// Members gives the agents of a department who still work here.
func (s *Settings) Members(id DepartmentID) []Agent {
	var members []Agent
	for _, a := range s.Agents {
		if !a.Deleted && a.in(id) {
			members = append(members, a)
		}
	}
	return members
}

func (a Agent) in(id DepartmentID) bool {
	for _, d := range a.Departments {
		if d == id {
			return true
		}
	}
	return false
}
