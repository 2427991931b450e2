package api

import (
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// inboxBody describes an inbox whole. Its secrets are the operator's and never pass through here.
type inboxBody struct {
	Name                 string            `json:"name"`
	Channel              desk.Channel      `json:"channel"`
	Department           desk.DepartmentID `json:"department"`
	Language             string            `json:"language"`
	Greeting             string            `json:"greeting"`
	CollectEmail         bool              `json:"collect_email"`
	PreChatForm          bool              `json:"pre_chat_form"`
	AutoDistribution     bool              `json:"auto_distribution"`
	TicketPolicy         desk.TicketPolicy `json:"ticket_policy"`
	Survey               bool              `json:"survey"`
	Portal               portalShape       `json:"portal"`
	Bot                  desk.BotID        `json:"bot"`
	FirstResponseSeconds int64             `json:"first_response_seconds"`
	Origins              []string          `json:"origins"`
	Color                string            `json:"color"`
	Side                 desk.Side         `json:"side"`
	ReplyTime            desk.ReplyTime    `json:"reply_time"`
	Campaign             campaignShape     `json:"campaign"`
	PhoneNumberID        string            `json:"phone_number_id"`
	Templates            []templateShape   `json:"templates"`
}

type templateShape struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Body     string `json:"body"`
}

type inboxShape struct {
	ID                desk.InboxID `json:"id"`
	Key               string       `json:"key"`
	IdentitySecretSet bool         `json:"identity_secret_set"`
	inboxBody
}

func inboxOf(i desk.Inbox) inboxShape {
	return inboxShape{ID: i.ID, Key: i.Key, IdentitySecretSet: i.Identity, inboxBody: inboxBody{
		Name: i.Name, Channel: i.Channel, Department: i.Department, Language: i.Language, Greeting: i.Greeting,
		CollectEmail: i.CollectEmail, PreChatForm: i.PreChatForm, AutoDistribution: i.AutoDistribution, TicketPolicy: i.TicketPolicy,
		Survey: i.Survey, Portal: portalShape(i.Portal), Bot: i.Bot, FirstResponseSeconds: int64(i.FirstResponse / time.Second), Origins: append([]string{}, i.Origins...),
		Color: i.Color, Side: sideOf(i.Side), ReplyTime: i.ReplyTime, Campaign: campaignOf(i.Campaign), PhoneNumberID: i.PhoneNumberID,
		Templates: shapes(i.Templates, func(t desk.Template) templateShape { return templateShape(t) }),
	}}
}

// The limits of what one inbox holds, and with them of the settings' size.
const (
	maxOrigins       = 50
	maxTemplates     = 100
	maxFirstResponse = 30 * 24 * 60 * 60 // seconds
)

func (b inboxBody) describe(i *desk.Inbox) error {
	if i.Channel != "" && i.Channel != b.Channel {
		return desk.InvalidField("channel", "of an inbox never changes: make another inbox")
	}
	if len(b.Origins) > maxOrigins {
		return desk.InvalidField("origins", "are more than %d", maxOrigins)
	}
	if len(b.Templates) > maxTemplates {
		return desk.InvalidField("templates", "are more than %d", maxTemplates)
	}
	if b.FirstResponseSeconds < 0 || b.FirstResponseSeconds > maxFirstResponse {
		return desk.InvalidField("first_response_seconds", "want 0 to %d", maxFirstResponse)
	}
	if len(b.PhoneNumberID) > maxID {
		return desk.InvalidField("phone_number_id", "is longer than %d characters", maxID)
	}
	campaign, err := b.Campaign.campaign()
	if err != nil {
		return err
	}
	*i = desk.Inbox{
		ID: i.ID, Key: i.Key, Deleted: i.Deleted, Identity: i.Identity, Side: b.Side, ReplyTime: b.ReplyTime, Campaign: campaign,
		Name: b.Name, Channel: b.Channel, Department: b.Department, Language: b.Language, Greeting: b.Greeting, CollectEmail: b.CollectEmail,
		PreChatForm: b.PreChatForm, AutoDistribution: b.AutoDistribution, TicketPolicy: b.TicketPolicy, Survey: b.Survey, Bot: b.Bot, Portal: desk.Portal(b.Portal),
		FirstResponse: time.Duration(b.FirstResponseSeconds) * time.Second, Origins: b.Origins, Color: b.Color, PhoneNumberID: b.PhoneNumberID,
		Templates: shapes(b.Templates, func(t templateShape) desk.Template { return desk.Template(t) }),
	}
	return nil
}

func allInboxes(s *desk.Settings) map[desk.InboxID]desk.Inbox { return s.Inboxes }

func inboxGone(i desk.Inbox) bool { return i.Deleted }

var inboxSettings = setting[desk.Inbox, inboxBody]{
	kind: desk.InboxSetting,
	find: in(allInboxes),
	gone: inboxGone,
	fresh: func(s *Server, who desk.Who, id, clientID string) (desk.Inbox, error) {
		key, err := s.desk.NewSettingID(who, desk.InboxSetting+".key", clientID)
		return desk.Inbox{ID: desk.InboxID(id), Key: key}, err
	},
	shape: func(_ *desk.Settings, _ desk.Who, i desk.Inbox) any { return inboxOf(i) },
}

type inboxSummary struct {
	ID                   desk.InboxID      `json:"id"`
	Key                  string            `json:"key"`
	Name                 string            `json:"name"`
	Channel              desk.Channel      `json:"channel"`
	Department           desk.DepartmentID `json:"department"`
	Language             string            `json:"language"`
	TicketPolicy         desk.TicketPolicy `json:"ticket_policy"`
	Survey               bool              `json:"survey"`
	AutoDistribution     bool              `json:"auto_distribution"`
	FirstResponseSeconds int64             `json:"first_response_seconds"`
	Deleted              bool              `json:"deleted,omitzero"`
}

// inboxes serves GET /v1/inboxes.
func (s *Server) inboxes() staffAct {
	return settingsList(s, allInboxes, inboxGone, func(_ *desk.Settings, i desk.Inbox) inboxSummary {
		return inboxSummary{
			ID: i.ID, Key: i.Key, Name: i.Name, Channel: i.Channel, Department: i.Department, Language: i.Language, TicketPolicy: i.TicketPolicy,
			Survey: i.Survey, AutoDistribution: i.AutoDistribution, FirstResponseSeconds: int64(i.FirstResponse / time.Second), Deleted: i.Deleted,
		}
	})
}

type inboxTemplate struct {
	Inbox desk.InboxID `json:"inbox"`
	templateShape
	Parameters int `json:"parameters"`
}

var parameter = regexp.MustCompile(`\{\{(\d{1,2})\}\}`)

// parameters counts what a template's body wants: up to its highest number.
func parameters(body string) int {
	most := 0
	for _, found := range parameter.FindAllStringSubmatch(body, -1) {
		if n, err := strconv.Atoi(found[1]); err == nil {
			most = max(most, n)
		}
	}
	return most
}

// templates serves GET /v1/templates.
func (s *Server) templates(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, "inbox", "cursor", "limit")
	inbox, page := desk.InboxID(q.id("inbox")), q.page(settingsPage)
	if q.err != nil {
		return answer{}, q.err
	}
	settings, err := s.desk.Settings(r.Context(), who.Account)
	if err != nil {
		return answer{}, err
	}
	all := []inboxTemplate{}
	for _, i := range desk.Sorted(settings.Inboxes) {
		if i.Deleted || inbox != "" && i.ID != inbox {
			continue
		}
		for _, t := range i.Templates {
			all = append(all, inboxTemplate{i.ID, templateShape(t), parameters(t.Body)})
		}
	}
	cut, next, err := pageOf(all, page)
	return ok(listing[inboxTemplate]{Items: cut, Cursor: next}), err
}
