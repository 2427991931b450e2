package whatsapp

import (
	"encoding/json"
	"errors"

	"github.com/relevo/relevo/internal/desk"
)

// The webhook's body. M and S are what a message and a status are decoded into: the shapes themselves, or the raw
// JSON when one of them does not have the shape that Meta documents.
type (
	envelope[M, S any] struct {
		Object string        `json:"object"`
		Entry  []entry[M, S] `json:"entry"`
	}
	entry[M, S any] struct {
		Changes []change[M, S] `json:"changes"`
	}
	change[M, S any] struct {
		Field string      `json:"field"`
		Value value[M, S] `json:"value"`
	}
	value[M, S any] struct {
		Metadata struct {
			PhoneNumberID scalar `json:"phone_number_id"`
		} `json:"metadata"`
		Contacts []profile  `json:"contacts"`
		Messages []M        `json:"messages"`
		Statuses []S        `json:"statuses"`
		Errors   []metaFail `json:"errors"`
	}
	// profile is who wrote, or to whom a status belongs.
	profile struct {
		WaID    scalar `json:"wa_id"`
		UserID  scalar `json:"user_id"`
		Profile struct {
			Name     string `json:"name"`
			Username string `json:"username"`
		} `json:"profile"`
	}
	// metaFail is an error as Meta words it, in webhooks and in answers.
	metaFail struct {
		Code      scalar `json:"code"`
		Subcode   scalar `json:"error_subcode"`
		Title     string `json:"title"`
		Message   string `json:"message"`
		ErrorData struct {
			Details string `json:"details"`
		} `json:"error_data"`
	}
	status struct {
		ID              scalar     `json:"id"`
		Status          scalar     `json:"status"`
		Timestamp       scalar     `json:"timestamp"`
		RecipientID     scalar     `json:"recipient_id"`
		RecipientUserID scalar     `json:"recipient_user_id"`
		Key             scalar     `json:"biz_opaque_callback_data"`
		Errors          []metaFail `json:"errors"`
	}
	message struct {
		ID          scalar           `json:"id"`
		From        scalar           `json:"from"`
		FromUserID  scalar           `json:"from_user_id"`
		GroupID     scalar           `json:"group_id"`
		Timestamp   scalar           `json:"timestamp"`
		Type        scalar           `json:"type"`
		Context     *reference       `json:"context"`
		Referral    *referral        `json:"referral"`
		Errors      []metaFail       `json:"errors"`
		Text        *textBody        `json:"text"`
		Image       *media           `json:"image"`
		Video       *media           `json:"video"`
		Audio       *media           `json:"audio"`
		Voice       *media           `json:"voice"`
		Document    *media           `json:"document"`
		Sticker     *media           `json:"sticker"`
		Location    *location        `json:"location"`
		Contacts    []card           `json:"contacts"`
		Reaction    *reaction        `json:"reaction"`
		Button      *button          `json:"button"`
		Interactive *interactive     `json:"interactive"`
		Order       *order           `json:"order"`
		System      *system          `json:"system"`
		Unsupported *unsupportedKind `json:"unsupported"`
		Edit        *edit            `json:"edit"`
		Revoke      *revoke          `json:"revoke"`
	}
)

// What messages are made of, one shape a type.
type (
	reference struct {
		ID                  scalar `json:"id"`
		Forwarded           flag   `json:"forwarded"`
		FrequentlyForwarded flag   `json:"frequently_forwarded"`
		ReferredProduct     *struct {
			CatalogID scalar `json:"catalog_id"`
			ProductID scalar `json:"product_retailer_id"`
		} `json:"referred_product"`
	}
	referral struct {
		SourceURL  string `json:"source_url"`
		SourceID   scalar `json:"source_id"`
		SourceType string `json:"source_type"`
		Headline   string `json:"headline"`
		Body       string `json:"body"`
		ClickID    scalar `json:"ctwa_clid"`
	}
	textBody struct {
		Body string `json:"body"`
	}
	media struct {
		ID       scalar `json:"id"`
		MimeType string `json:"mime_type"`
		Caption  string `json:"caption"`
		Filename string `json:"filename"`
		Voice    flag   `json:"voice"`
		Animated flag   `json:"animated"`
	}
	location struct {
		Latitude  scalar `json:"latitude"`
		Longitude scalar `json:"longitude"`
		Name      string `json:"name"`
		Address   string `json:"address"`
		URL       string `json:"url"`
	}
	card struct {
		Name struct {
			Formatted string `json:"formatted_name"`
			First     string `json:"first_name"`
			Last      string `json:"last_name"`
		} `json:"name"`
		Org struct {
			Company string `json:"company"`
		} `json:"org"`
		Phones []struct {
			Phone scalar `json:"phone"`
			WaID  scalar `json:"wa_id"`
		} `json:"phones"`
		Emails []struct {
			Email string `json:"email"`
		} `json:"emails"`
	}
	reaction struct {
		MessageID scalar `json:"message_id"`
		Emoji     string `json:"emoji"`
	}
	button struct {
		Text    string `json:"text"`
		Payload string `json:"payload"`
	}
	choice struct {
		ID          scalar `json:"id"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	interactive struct {
		Type        scalar  `json:"type"`
		ButtonReply *choice `json:"button_reply"`
		ListReply   *choice `json:"list_reply"`
		FormReply   *struct {
			Name         string `json:"name"`
			Body         string `json:"body"`
			ResponseJSON string `json:"response_json"`
		} `json:"nfm_reply"`
		CallPermission *struct {
			Response scalar `json:"response"`
		} `json:"call_permission_reply"`
	}
	order struct {
		CatalogID scalar `json:"catalog_id"`
		Text      string `json:"text"`
		Items     []struct {
			ProductID scalar `json:"product_retailer_id"`
			Quantity  scalar `json:"quantity"`
			Price     scalar `json:"item_price"`
			Currency  scalar `json:"currency"`
		} `json:"product_items"`
	}
	system struct {
		Type           scalar `json:"type"`
		Body           string `json:"body"`
		WaID           scalar `json:"wa_id"`
		NewWaID        scalar `json:"new_wa_id"`
		UserID         scalar `json:"user_id"`
		PreviousUserID scalar `json:"previous_user_id"`
	}
	unsupportedKind struct {
		Type scalar `json:"type"`
	}
	edit struct {
		Original scalar          `json:"original_message_id"`
		Message  json.RawMessage `json:"message"`
	}
	revoke struct {
		Original scalar `json:"original_message_id"`
	}
)

// scalar is a text that Meta writes as a string in one place and as a number in another. Anything else is read as "".
type scalar string

// UnmarshalJSON implements [json.Unmarshaler]; it refuses nothing.
func (s *scalar) UnmarshalJSON(raw []byte) error {
	switch raw[0] {
	case '"':
		if inner := raw[1 : len(raw)-1]; plain(inner) {
			*s = scalar(inner)
			return nil
		}
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		*s = scalar(text)
	case '{', '[', 'n':
		*s = ""
	default:
		*s = scalar(raw)
	}
	return nil
}

// flag is true only for the JSON value true; an odd value is false rather than an error.
type flag bool

// UnmarshalJSON implements [json.Unmarshaler]; it refuses nothing.
func (f *flag) UnmarshalJSON(raw []byte) error {
	*f = string(raw) == "true"
	return nil
}

// plain reports whether the inside of a JSON string stands for itself.
func plain(inner []byte) bool {
	for _, c := range inner {
		if c == '\\' || c < ' ' || c >= 0x80 {
			return false
		}
	}
	return true
}

// decode reads a webhook's body; broken counts what is odd outside of messages and statuses. Nearly
// every body is read in one pass; only when something in it is odd, the elements are read one by one, so that one of
// them never costs the others.
func decode(body []byte) (got envelope[message, status], broken int, err error) {
	if err := json.Unmarshal(body, &got); err == nil {
		return got, 0, nil
	}
	var raw envelope[json.RawMessage, json.RawMessage]
	if err := json.Unmarshal(body, &raw); err != nil {
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok || len(raw.Entry) == 0 {
			return got, 0, &desk.Error{Code: desk.Invalid, Message: "the body is no webhook of WhatsApp", Cause: err}
		}
		broken++ // json has skipped the odd value and read all others
	}
	got = envelope[message, status]{Object: raw.Object, Entry: make([]entry[message, status], len(raw.Entry))}
	for i, e := range raw.Entry {
		for _, c := range e.Changes {
			v := value[message, status]{Metadata: c.Value.Metadata, Contacts: c.Value.Contacts, Errors: c.Value.Errors}
			for _, element := range c.Value.Messages {
				var m message
				lenient(element, &m)
				v.Messages = append(v.Messages, m)
			}
			for _, element := range c.Value.Statuses {
				var s status
				lenient(element, &s)
				v.Statuses = append(v.Statuses, s)
			}
			got.Entry[i].Changes = append(got.Entry[i].Changes, change[message, status]{Field: c.Field, Value: v})
		}
	}
	return got, broken, nil
}

// lenient reads as much as fits into the target. What does not fit stays empty: such a message becomes unsupported, or
// has no id and is counted.
func lenient(raw json.RawMessage, into any) {
	if len(raw) > 0 {
		_ = json.Unmarshal(raw, into) // valid JSON already; only values of another type than documented are skipped
	}
}
