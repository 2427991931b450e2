package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Keys are parts joined by '#', the account first. What is looked up before the account is known has an empty first
// part, which no account has:
//
//	#SIGNIN#issuer#subject   SIGNIN        -> account, agent
//	#INBOX#key               INBOX         -> account, inbox
//	#BOT#hash                BOT           -> account, bot
//	#SOCKET#connection       SOCKET        -> whose live connection, its topics
//	#LIVE#hash               LIVE          -> one-time ticket for a live connection
//
//	acct                     ACCOUNT#id, AGENT#id, DEPARTMENT#id, INBOX#id, LABEL#id, CANNED#id, BOT#id,
//	                         TICKETS#tickets, HOURS#id, CONTRACT#id
//	acct#AUDIT               <audit id>
//	acct#NUMBER              <sequence>
//	acct#SEATS               <agent>
//	acct#CONTACT#id          CONTACT · OPEN#inbox · CONV#created#conversation · TICKET#number
//	acct#ID#inbox#address    ID            -> contact
//	acct#CONV#id             MSG#place · ~ (the conversation, so that it sorts last)
//	acct#EXT#inbox#id        EXT           -> conversation, place
//	acct#DEPT#id             WAIT#a|h#since#conversation (handed out automatically, or by hand)
//	acct#AGENT#id            WAIT#h#since#conversation · NOTE#id · READ · VIEW#id (his own)
//	acct#VIEWS               VIEW#id (shared)
//	acct#LABEL#label#status  created#conversation
//	acct#TICKET#number       TICKET · ACT#id · HIST#id
//	acct#CLOSED#yyyy-mm      closed#conversation
//	acct#REQ#T#client        REQ           -> ticket that the request made
//	acct#REQ#number#client   REQ           -> action that the request made
//	acct#CONN#topic          <connection>
//	acct#VISITOR#hash        VISITOR
//	acct#CODE#address        ASKED#since   -> how many codes were asked for, or guessed at; VISITOR#contact -> his one-time code
//	acct#MAIL#address        MAIL          -> why no mail goes there
//	acct#DUE                 <due>#<number> (open tickets)
//	acct#WORD#letters        <word>#<number, newest first>
//	acct#WHO#letters         <word, address or digits>#<contact>
//	acct#MAILED#name         MAILED        -> a mail that was claimed or sent
//
// Partitions of the indexes; a status is its first letter:
//
//	1  acct#S#status#shard (by activity), acct#T#status (tickets), acct#CONTACTS
//	2  acct#A#agent#status (by when it was handed), acct#R#agent#group (tickets)
//	3  acct#D#department#status (by creation), acct#TP#priority#group (tickets)
//	4  acct#I#inbox#status (by creation), acct#TV#service#group (tickets)
//
// A group is o for open tickets and d for those that are done; their sort keys end in the status.
const (
	conversationSK = "~"
	ticketSK       = "TICKET"
	contactSK      = "CONTACT"
	messagePrefix  = "MSG#"
	waitPrefix     = "WAIT#"
	notePrefix     = "NOTE#"
	actionPrefix   = "ACT#"
	seatsPart      = "SEATS"
	historyPrefix  = "HIST#"
)

// maxPart is the most bytes that one part takes of a key; DynamoDB allows 2,048 for all. Longer ones come from outside
// only, and their hash takes their place.
const maxPart = 400

var escape = strings.NewReplacer("%", "%25", "#", "%23")

var unescape = strings.NewReplacer("%25", "%", "%23", "#")

func join(parts ...string) string {
	for i, part := range parts {
		if len(part) > maxPart {
			sum := sha256.Sum256([]byte(part))
			part = "sha256:" + hex.EncodeToString(sum[:])
		}
		if strings.ContainsAny(part, "#%") {
			part = escape.Replace(part)
		}
		parts[i] = part
	}
	return strings.Join(parts, "#")
}

// split undoes join.
func split(key string) []string {
	parts := strings.Split(key, "#")
	for i, part := range parts {
		parts[i] = unescape.Replace(part)
	}
	return parts
}

// last gives the last part of a key.
func last(key string) string { return unescape.Replace(key[strings.LastIndexByte(key, '#')+1:]) }

// millis writes an instant so that text sorts as time: milliseconds in nine digits of base 36, four bytes less than in
// base 10 in each of up to four index keys.
func millis(t time.Time) string {
	text := strconv.FormatInt(max(0, t.UnixMilli()), 36)
	return strings.Repeat("0", max(0, 9-len(text))) + text
}

// sortText is the sort key of an index: the instant, and three characters of the id, so that equal instants keep one
// order across pages.
func sortText(t time.Time, id string) string { return millis(t) + id[max(0, len(id)-3):] }

// initial shortens a status in keys.
func initial[T ~string](status T) string { return string(status[:min(1, len(status))]) }

func global(kind, id string) Key { return Key{PK: join("", kind, id), SK: kind} }

func signInKey(issuer, subject string) Key {
	return Key{PK: join("", "SIGNIN", issuer, subject), SK: "SIGNIN"}
}

// pk makes a partition key of the account.
func (b *Books) pk(parts ...string) string {
	return join(append([]string{string(b.account)}, parts...)...)
}

func (b *Books) settingKey(kind desk.SettingKind, id string) Key {
	return Key{PK: b.pk(), SK: join(strings.ToUpper(string(kind)), id)}
}

func (b *Books) seatKey(agent desk.AgentID) Key { return Key{PK: b.pk(seatsPart), SK: string(agent)} }

func (b *Books) contactKey(id desk.ContactID) Key {
	return Key{PK: b.pk("CONTACT", string(id)), SK: contactSK}
}

func (b *Books) identityKey(inbox desk.InboxID, address string) Key {
	return Key{PK: b.pk("ID", string(inbox), address), SK: "ID"}
}

func (b *Books) holdKey(inbox desk.InboxID, address string) Key {
	return Key{PK: b.pk("ID", string(inbox), address), SK: "HOLD"}
}

// receivingKey holds which conversation takes the contact's next message in the inbox.
func (b *Books) receivingKey(contact desk.ContactID, inbox desk.InboxID) Key {
	return Key{PK: b.pk("CONTACT", string(contact)), SK: join("OPEN", string(inbox))}
}

// contactRowKey lists the conversation under its contact.
func (b *Books) contactRowKey(c *desk.Conversation) Key {
	return Key{PK: b.pk("CONTACT", string(c.Contact)), SK: join("CONV", millis(c.CreatedAt), string(c.ID))}
}

func (b *Books) conversationKey(id desk.ConversationID) Key {
	return Key{PK: b.pk("CONV", string(id)), SK: conversationSK}
}

func (b *Books) messageKey(conversation desk.ConversationID, id desk.MessageID) Key {
	return Key{PK: b.pk("CONV", string(conversation)), SK: messagePrefix + string(id)}
}

func (b *Books) externalKey(inbox desk.InboxID, id string) Key {
	return Key{PK: b.pk("EXT", string(inbox), id), SK: "EXT"}
}

func (b *Books) agentPK(agent desk.AgentID) string { return b.pk("AGENT", string(agent)) }

func (b *Books) departmentPK(id desk.DepartmentID) string { return b.pk("DEPT", string(id)) }

// waitKey is the conversation's place in a queue.
func (b *Books) waitKey(wait desk.Wait, id desk.ConversationID) Key {
	pk := b.departmentPK(wait.Department)
	if wait.Agent != "" {
		pk = b.agentPK(wait.Agent)
	}
	return Key{PK: pk, SK: waitRange(wait.Auto) + join(millis(wait.Since), string(id))}
}

// waitRange is the prefix of the waiting that are handed out automatically, or of those that are not.
func waitRange(auto bool) string {
	if auto {
		return waitPrefix + "a#"
	}
	return waitPrefix + "h#"
}

func (b *Books) labelPK(label desk.LabelID, status desk.Status) string {
	return b.pk("LABEL", string(label), initial(status))
}

func (b *Books) ticketKey(number int64) Key {
	return Key{PK: b.pk("TICKET", fmt.Sprint(number)), SK: ticketSK}
}

func (b *Books) actionKey(number int64, id string) Key {
	return Key{PK: b.pk("TICKET", fmt.Sprint(number)), SK: actionPrefix + id}
}

func (b *Books) historyKey(number int64, id string) Key {
	return Key{PK: b.pk("TICKET", fmt.Sprint(number)), SK: historyPrefix + id}
}

// requesterRowKey lists the ticket under the contact who asked.
func (b *Books) requesterRowKey(contact desk.ContactID, number int64) Key {
	return Key{PK: b.pk("CONTACT", string(contact)), SK: join("TICKET", fmt.Sprintf("%012d", number))}
}

func (b *Books) topicPK(topic desk.Topic) string { return b.pk("CONN", string(topic)) }
