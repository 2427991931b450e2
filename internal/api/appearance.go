package api

import (
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// widgetInbox is how the widget of an inbox looks and begins.
type widgetInbox struct {
	Account      string         `json:"account"`
	Name         string         `json:"name"`
	Language     string         `json:"language"`
	Color        string         `json:"color"`
	Side         desk.Side      `json:"side"`
	ReplyTime    desk.ReplyTime `json:"reply_time,omitzero"`
	Hours        widgetHours    `json:"hours"`
	Campaign     *campaignShape `json:"campaign,omitzero"`
	PreChatForm  bool           `json:"pre_chat_form"`
	CollectEmail bool           `json:"collect_email"`
	Survey       bool           `json:"survey"`
	Portal       *portalShape   `json:"portal,omitzero"`
}

type widgetHours struct {
	Open    bool   `json:"open"`
	OpensAt string `json:"opens_at,omitzero"`
}

type campaignShape struct {
	Enabled      bool   `json:"enabled"`
	Message      string `json:"message"`
	AfterSeconds int64  `json:"after_seconds"`
	Page         string `json:"page"`
}

func campaignOf(c desk.Campaign) campaignShape {
	return campaignShape{c.Enabled, c.Message, int64(c.After / time.Second), c.Page}
}

// maxCampaignWait limits how long a campaign waits, in seconds.
const maxCampaignWait = 60 * 60

func (c campaignShape) campaign() (desk.Campaign, error) {
	if c.AfterSeconds < 0 || c.AfterSeconds > maxCampaignWait {
		return desk.Campaign{}, desk.InvalidField("campaign.after_seconds", "want 0 to %d", maxCampaignWait)
	}
	return desk.Campaign{Enabled: c.Enabled, Message: c.Message, After: time.Duration(c.AfterSeconds) * time.Second, Page: c.Page}, nil
}

// sideOf names the side even where nothing was chosen.
func sideOf(s desk.Side) desk.Side {
	if s == "" {
		return desk.EndSide
	}
	return s
}

// widgetInboxOf makes the shape as it is now. A campaign that is off is nobody's news.
func (s *Server) widgetInboxOf(begun desk.Session) (widgetInbox, error) {
	i := begun.Inbox
	open, opens, err := begun.Account.OpenAt(s.Now())
	out := widgetInbox{
		Account: begun.Account.Name, Name: i.Name, Language: i.Language, Color: i.Color, Side: sideOf(i.Side), ReplyTime: i.ReplyTime,
		Hours: widgetHours{open, stamp(opens)}, PreChatForm: i.PreChatForm, CollectEmail: i.CollectEmail, Survey: i.Survey,
	}
	if i.Campaign.Enabled {
		shape := campaignOf(i.Campaign)
		out.Campaign = &shape
	}
	if i.Portal.Enabled {
		out.Portal = &portalShape{i.Portal.Enabled, i.Portal.Open}
	}
	return out, err
}
