package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type botShape struct {
	ID      desk.BotID   `json:"id"`
	Name    string       `json:"name"`
	Inbox   desk.InboxID `json:"inbox"`
	Deleted bool         `json:"deleted,omitzero"`
}

func botOf(_ *desk.Settings, b desk.Bot) botShape { return botShape{b.ID, b.Name, b.Inbox, b.Deleted} }

// bots serves GET /v1/settings/bots.
func (s *Server) bots() staffAct {
	return settingsList(s, func(s *desk.Settings) map[desk.BotID]desk.Bot { return s.Bots }, func(b desk.Bot) bool { return b.Deleted }, botOf)
}

type createdBot struct {
	Bot   botShape `json:"bot"`
	Token string   `json:"token,omitzero"`
}

// createBot serves POST /v1/settings/bots (B54). A repeat answers without the token, which is not kept.
func (s *Server) createBot(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[struct {
		ClientID string       `json:"client_id"`
		Name     string       `json:"name"`
		Inbox    desk.InboxID `json:"inbox"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	id, err := s.desk.NewSettingID(who, desk.BotSetting, body.ClientID)
	if err != nil {
		return answer{}, err
	}
	settings, err := s.desk.Settings(r.Context(), who.Account)
	if err != nil {
		return answer{}, err
	}
	if known, there := settings.Bots[desk.BotID(id)]; there {
		return created(createdBot{Bot: botOf(settings, known)}), nil
	}
	bot, token, err := s.desk.CreateBot(r.Context(), who, desk.Bot{ID: desk.BotID(id), Name: body.Name, Inbox: body.Inbox})
	return created(createdBot{botOf(settings, bot), token}), err
}
