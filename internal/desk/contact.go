package desk

import "time"

// Contact is a customer: a set of identities, by which he is known in each inbox.
type Contact struct {
	ID         ContactID
	Name       string
	Email      string // typed or captured; never an identity by itself
	Phone      string
	Language   string
	Page       string // the page that he was on last
	Identities []Identity
	MergedInto ContactID // an alias: the contact that this one became
	CreatedAt  time.Time
	Version    int
}

// Identity is one address of a contact in one inbox: a visitor's id in the web chat, a WhatsApp id (wa_id or, for a
// sender without a phone number, the user id).
type Identity struct {
	Inbox   InboxID
	Address string
	Contact ContactID
}

// MaxIdentities limits the identities of one contact, and with them the size of its item.
const MaxIdentities = 50

// Validate checks what people may change of a contact, and normalizes the e-mail address.
func (c *Contact) Validate() error {
	if err := within("name", c.Name, 0, 100); err != nil {
		return err
	}
	if c.Email != "" {
		email, err := EmailAddress("email", c.Email)
		if err != nil {
			return err
		}
		c.Email = email
	}
	if err := within("phone", c.Phone, 0, 40); err != nil {
		return err
	}
	if err := within("page", c.Page, 0, 2000); err != nil {
		return err
	}
	return within("language", c.Language, 0, 35)
}
