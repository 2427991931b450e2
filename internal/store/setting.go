package store

import (
	"fmt"

	"github.com/relevo/relevo/internal/desk"
)

// encodeSetting makes the item of a setting; its sort key says which noun it is.
func encodeSetting(setting desk.Setting) (Item, error) {
	switch v := setting.(type) {
	case desk.Account:
		return encode(v, accountForm), nil
	case desk.Agent:
		return encode(v, agentForm), nil
	case desk.Department:
		return encode(v, departmentForm), nil
	case desk.Inbox:
		return encode(v, inboxForm), nil
	case desk.Label:
		return encode(v, labelForm), nil
	case desk.Canned:
		return encode(v, cannedForm), nil
	case desk.Bot:
		return encode(v, botForm), nil
	case desk.TicketSettings:
		return encode(v, ticketSettingsForm), nil
	case desk.Hours:
		return encode(v, hoursForm), nil
	case desk.Contract:
		return encode(v, contractForm), nil
	default:
		return nil, desk.Errorf(desk.Internal, "%T is no setting", setting)
	}
}

func decodeSetting(item Item) (desk.Setting, error) {
	kind := split(keyOf(item).SK)[0]
	switch kind {
	case "ACCOUNT":
		return asSetting(decode(item, accountForm))
	case "AGENT":
		return asSetting(decode(item, agentForm))
	case "DEPARTMENT":
		return asSetting(decode(item, departmentForm))
	case "INBOX":
		return asSetting(decode(item, inboxForm))
	case "LABEL":
		return asSetting(decode(item, labelForm))
	case "CANNED":
		return asSetting(decode(item, cannedForm))
	case "BOT":
		return asSetting(decode(item, botForm))
	case "TICKETS":
		return asSetting(decode(item, ticketSettingsForm))
	case "HOURS":
		return asSetting(decode(item, hoursForm))
	case "CONTRACT":
		return asSetting(decode(item, contractForm))
	default:
		return nil, desk.Errorf(desk.Internal, "%q is no kind of setting", kind)
	}
}

func asSetting[T desk.Setting](v T, err error) (desk.Setting, error) { return v, err }

// Settings are read once in five seconds, so their attributes have whole names.

func accountForm(f *form, v *desk.Account) {
	text(f, "id", &v.ID)
	text(f, "name", &v.Name)
	text(f, "zone", &v.TimeZone)
	text(f, "language", &v.Language)
	text(f, "afterClose", &v.AfterClose)
	flag(f, "guideDone", &v.GuideDone)
	number(f, "shards", &v.Shards)
	for day := range v.Hours { // hours0 is Sunday
		list(f, fmt.Sprintf("hours%d", day), &v.Hours[day], spanForm)
	}
}

// spanForm is an opening in minutes after midnight.
func spanForm(f *form, v *desk.Span) {
	number(f, "from", &v.From)
	number(f, "to", &v.To)
}

func agentForm(f *form, v *desk.Agent) {
	text(f, "id", &v.ID)
	text(f, "name", &v.Name)
	text(f, "email", &v.Email)
	text(f, "issuer", &v.Issuer)
	text(f, "subject", &v.Subject)
	text(f, "role", &v.Role)
	texts(f, "departments", &v.Departments)
	number(f, "capacity", &v.Capacity)
	text(f, "language", &v.Language)
	flag(f, "deleted", &v.Deleted)
}

func departmentForm(f *form, v *desk.Department) {
	text(f, "id", &v.ID)
	text(f, "name", &v.Name)
	flag(f, "deleted", &v.Deleted)
}

func inboxForm(f *form, v *desk.Inbox) {
	text(f, "id", &v.ID)
	text(f, "key", &v.Key)
	text(f, "name", &v.Name)
	text(f, "channel", &v.Channel)
	text(f, "department", &v.Department)
	text(f, "language", &v.Language)
	text(f, "greeting", &v.Greeting)
	flag(f, "collectEmail", &v.CollectEmail)
	flag(f, "preChatForm", &v.PreChatForm)
	flag(f, "autoDistribution", &v.AutoDistribution)
	text(f, "ticketPolicy", &v.TicketPolicy)
	flag(f, "survey", &v.Survey)
	flag(f, "portal", &v.Portal.Enabled)
	flag(f, "portalOpen", &v.Portal.Open)
	text(f, "bot", &v.Bot)
	span(f, "firstResponse", &v.FirstResponse)
	texts(f, "origins", &v.Origins)
	text(f, "color", &v.Color)
	text(f, "side", &v.Side)
	text(f, "replyTime", &v.ReplyTime)
	inner(f, "campaign", func(f *form) { campaignForm(f, &v.Campaign) })
	flag(f, "identity", &v.Identity)
	text(f, "phoneNumberId", &v.PhoneNumberID)
	list(f, "templates", &v.Templates, templateForm)
	flag(f, "deleted", &v.Deleted)
}

func campaignForm(f *form, v *desk.Campaign) {
	flag(f, "enabled", &v.Enabled)
	text(f, "message", &v.Message)
	span(f, "after", &v.After)
	text(f, "page", &v.Page)
}

func templateForm(f *form, v *desk.Template) {
	text(f, "name", &v.Name)
	text(f, "language", &v.Language)
	text(f, "body", &v.Body)
}

func labelForm(f *form, v *desk.Label) {
	text(f, "id", &v.ID)
	text(f, "name", &v.Name)
	text(f, "color", &v.Color)
	flag(f, "deleted", &v.Deleted)
}

func cannedForm(f *form, v *desk.Canned) {
	text(f, "id", &v.ID)
	text(f, "short", &v.Short)
	text(f, "text", &v.Text)
	flag(f, "deleted", &v.Deleted)
}

func botForm(f *form, v *desk.Bot) {
	text(f, "id", &v.ID)
	text(f, "name", &v.Name)
	text(f, "inbox", &v.Inbox)
	text(f, "tokenHash", &v.TokenHash)
	flag(f, "deleted", &v.Deleted)
}

func ticketSettingsForm(f *form, v *desk.TicketSettings) {
	texts(f, "disabled", &v.Disabled)
	list(f, "services", &v.Services, choiceForm)
	list(f, "categories", &v.Categories, choiceForm)
	list(f, "priorities", &v.Priorities, choiceForm)
	list(f, "justifications", &v.Justifications, choiceForm)
	texts(f, "dueByHand", &v.DueByHand)
}

func choiceForm(f *form, v *desk.Choice) {
	text(f, "id", &v.ID)
	text(f, "name", &v.Name)
	text(f, "sector", &v.Sector)
	text(f, "status", &v.Status)
	flag(f, "archived", &v.Archived)
}
