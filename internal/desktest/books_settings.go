package desktest

import (
	"slices"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

var (
	someAccount = desk.Account{
		ID: "demo", Name: "Demo", TimeZone: "America/Bogota", Language: "es", AfterClose: desk.KeepAssignee, Shards: 3,
		Hours: desk.OpeningHours{1: {{From: 540, To: 720}, {From: 780, To: 1080}}},
	}
	someAgent = desk.Agent{
		ID: "ana", Name: "Ana", Email: "ana@demo.test", Issuer: "https://issuer.test/#1", Subject: "s-ana", Role: desk.Administrator,
		Departments: []desk.DepartmentID{"sales", "support"}, Capacity: 4, Language: "es",
	}
	someInbox = desk.Inbox{
		ID: "web", Key: "key-web", Name: "Web", Channel: desk.WebChat, Department: "sales", Language: "en", Greeting: "Hello!", CollectEmail: true,
		PreChatForm: true, AutoDistribution: true, TicketPolicy: desk.TicketRequired, Survey: true, Portal: desk.Portal{Enabled: true, Open: true}, Bot: "bot", FirstResponse: 90 * time.Second,
		Origins: []string{"https://shop.example"}, Color: "#a0b1c2", PhoneNumberID: "123",
		Templates: []desk.Template{{Name: "hi", Language: "en", Body: "Hi {{1}}"}},
	}
	someBot        = desk.Bot{ID: "bot", Name: "Robo", Inbox: "web", TokenHash: "hash-bot"}
	someDepartment = desk.Department{ID: "sales", Name: "Sales"}
	someLabel      = desk.Label{ID: "vip", Name: "VIP", Color: "#ffffff"}
	someCanned     = desk.Canned{ID: "bye", Short: "bye", Text: "Good bye"}
	someHours      = desk.Hours{
		ID: "office", Name: "Office", TimeZone: "Europe/Madrid", Country: "ES", Public: []desk.Day{20261208, 20261225},
		Week: desk.OpeningHours{1: {{From: 540, To: 720}, {From: 780, To: 1080}}, 6: {{From: 0, To: 1440}}},
		Own:  []desk.OwnDay{{Day: 20261224, Name: "Half", Spans: []desk.Span{{From: 540, To: 780}}}, {Day: 20261231, Name: "Closed"}},
	}
	someContract = desk.Contract{
		ID: "gold", Name: "Gold", Contacts: []desk.ContactID{"rosa"}, Services: []desk.ChoiceID{"repair"}, Inboxes: []desk.InboxID{"web"}, Hours: "office",
		Promises: []desk.Promise{{FirstResponse: time.Hour, NextResponse: 2 * time.Hour, Resolution: 3 * time.Hour}, {Priority: desk.High, Resolution: time.Minute}},
		Restart:  true, WarnAt: 80, Escalations: []desk.Escalation{
			{AtWarning: true, Target: desk.Resolution, Act: desk.EscalateNotify, Agents: []desk.AgentID{"ana"}},
			{Act: desk.EscalateReassign, Agent: "ana"}, {Act: desk.EscalateReassign, Department: "sales"}, {Act: desk.EscalatePriority},
		},
	}
)

// unique gives the settings look-ups that no other test uses.
func (s *shelf) unique() (desk.Agent, desk.Inbox, desk.Bot) {
	agent, inbox, bot := someAgent, someInbox, someBot
	agent.Subject += s.id()
	inbox.Key += s.id()
	bot.TokenHash += s.id()
	return agent, inbox, bot
}

func (s *shelf) set(settings ...desk.Setting) {
	s.Helper()
	for _, setting := range settings {
		s.ok(s.saveSetting(s.books, setting))
	}
}

func (s *shelf) saveSetting(books desk.Books, setting desk.Setting) error {
	kind, id := setting.Setting()
	return books.SaveSetting(s.Context(), setting, desk.Audit{
		ID: s.id(), By: desk.Actor{Kind: desk.ByUser, ID: "ana", Name: "Ana"}, Type: desk.EventType(string(kind) + ".saved"), Kind: kind, Of: id,
	})
}

var settingsTests = map[string]func(*shelf){
	"Settings/OK": func(s *shelf) {
		agent, inbox, bot := s.unique()
		tickets := desk.TicketSettings{
			Disabled: []desk.TicketField{desk.CCField}, Services: []desk.Choice{{ID: "refunds", Name: "Refunds", Sector: "Sales"}},
			Categories: []desk.Choice{{ID: "c", Name: "C", Archived: true}}, Priorities: []desk.Choice{{ID: "low", Name: "Low"}},
			Justifications: []desk.Choice{{ID: "carrier", Name: "Carrier", Status: desk.TicketPending}}, DueByHand: []desk.Role{desk.AgentRole},
		}
		s.set(someAccount, agent, inbox, bot, someDepartment, someLabel, someCanned, someHours, someContract)
		unset, err := s.books.Settings(s.Context())
		s.ok(err)
		s.same(unset.Tickets, desk.DefaultTicketSettings())
		s.set(tickets)
		got, err := s.books.Settings(s.Context())
		s.ok(err)
		s.same(got, &desk.Settings{
			Account: someAccount, Tickets: tickets,
			Agents: map[desk.AgentID]desk.Agent{"ana": agent}, Departments: map[desk.DepartmentID]desk.Department{"sales": someDepartment},
			Inboxes: map[desk.InboxID]desk.Inbox{"web": inbox}, Labels: map[desk.LabelID]desk.Label{"vip": someLabel},
			Canned: map[desk.CannedID]desk.Canned{"bye": someCanned}, Bots: map[desk.BotID]desk.Bot{"bot": bot},
			Hours: map[desk.HoursID]desk.Hours{"office": someHours}, Contracts: map[desk.ContractID]desk.Contract{"gold": someContract},
		})
		again, err := s.other().Settings(s.Context())
		s.ok(err)
		if len(again.Agents) != 0 || again.Account.ID != "" {
			s.Fatal("another account sees these settings")
		}
	},
	"Settings/ChangeShowsAtOnce": func(s *shelf) {
		s.set(someDepartment)
		for i := range 5 {
			changed := someDepartment
			changed.Name, changed.Deleted = "Sales"+s.id(), i%2 == 0
			s.set(changed)
			got, err := s.books.Settings(s.Context())
			s.ok(err)
			s.same(got.Departments["sales"], changed)
		}
	},
	"SaveSetting/LookUps":            testLookUps,
	"SaveSetting/ErrConflictLookUp":  testLookUpTaken,
	"SaveSetting/LookUpGoesToOthers": testLookUpFreed,
	"NextNumber/OK": func(s *shelf) {
		var numbers []int64
		for range 3 {
			n, err := s.books.NextNumber(s.Context(), "conversation")
			s.ok(err)
			numbers = append(numbers, n)
		}
		s.same(numbers, []int64{1, 2, 3})
		n, err := s.books.NextNumber(s.Context(), "ticket")
		s.ok(err)
		s.same(n, int64(1))
	},
	"NextNumber/NeverTwice": func(s *shelf) {
		got := make([]int64, 40)
		for _, err := range atOnce(len(got), func(i int) (err error) {
			got[i], err = s.books.NextNumber(s.Context(), "ticket")
			return err
		}) {
			s.ok(err)
		}
		slices.Sort(got)
		if len(slices.Compact(got)) != 40 {
			s.Fatalf("numbers given twice: %v", got)
		}
	},
}

func testLookUps(s *shelf) {
	agent, inbox, bot := s.unique()
	s.set(agent, inbox, bot)
	check := func(found bool, agent desk.Agent, inbox desk.Inbox, bot desk.Bot) {
		s.Helper()
		a1, agentID, err1 := s.store.AgentBySubject(s.Context(), agent.Issuer, agent.Subject)
		a2, inboxID, err2 := s.store.InboxByKey(s.Context(), inbox.Key)
		a3, botID, err3 := s.store.BotByToken(s.Context(), bot.TokenHash)
		if !found {
			s.fails(err1, desk.NotFound)
			s.fails(err2, desk.NotFound)
			s.fails(err3, desk.NotFound)
			return
		}
		s.ok(err1)
		s.ok(err2)
		s.ok(err3)
		id := s.books.ID()
		s.same([]any{a1, agentID, a2, inboxID, a3, botID}, []any{id, agent.ID, id, inbox.ID, id, bot.ID})
	}
	check(true, agent, inbox, bot)
	_, _, err := s.store.AgentBySubject(s.Context(), agent.Issuer+"#"+agent.Subject, "")
	s.fails(err, desk.NotFound)
	moved, newKey, newToken := agent, inbox, bot
	moved.Subject, newKey.Key, newToken.TokenHash = agent.Subject+"'", inbox.Key+"'", bot.TokenHash+"'"
	s.set(moved, newKey, newToken)
	check(false, agent, inbox, bot)
	check(true, moved, newKey, newToken)
	moved.Deleted, newKey.Deleted, newToken.Deleted = true, true, true
	s.set(moved, newKey, newToken)
	check(false, moved, newKey, newToken)
}

func testLookUpTaken(s *shelf) {
	agent, inbox, bot := s.unique()
	s.set(agent, inbox, bot)
	agent.ID, inbox.ID, bot.ID = "otto", "shop", "bot2"
	for _, books := range []desk.Books{s.books, s.other()} {
		for _, setting := range []desk.Setting{agent, inbox, bot} {
			s.fails(s.saveSetting(books, setting), desk.Conflict)
		}
		got, err := books.Settings(s.Context())
		s.ok(err)
		if _, there := got.Agents["otto"]; there {
			s.Fatal("a refused agent was saved")
		}
	}
}

func testLookUpFreed(s *shelf) {
	agent, _, _ := s.unique()
	s.set(agent)
	heir := agent
	heir.ID, agent.Deleted = "otto", true
	s.set(agent, heir)
	_, id, err := s.store.AgentBySubject(s.Context(), heir.Issuer, heir.Subject)
	s.ok(err)
	s.same(id, heir.ID)
}

var seatTests = map[string]func(*shelf){
	"Seat/OKNeverSaved": func(s *shelf) {
		seat, err := s.books.Seat(s.Context(), "ana")
		s.ok(err)
		s.same(seat, desk.Seat{Agent: "ana"})
	},
	"Seats/OK": func(s *shelf) {
		s.ok(s.books.SetPresence(s.Context(), "ana", desk.Pause, s.at(60)))
		s.ok(s.books.SetCapacity(s.Context(), "ana", 3))
		s.ok(s.books.SetCapacity(s.Context(), "otto", 0))
		seats, err := s.books.Seats(s.Context())
		s.ok(err)
		s.same(seats, []desk.Seat{{Agent: "ana", Chosen: desk.Pause, Lease: s.at(60), Capacity: 3}, {Agent: "otto"}})
		foreign, err := s.other().Seats(s.Context())
		s.ok(err)
		s.same(len(foreign), 0)
	},
	"RenewLease/NeverBack": func(s *shelf) {
		s.ok(s.books.SetPresence(s.Context(), "ana", desk.Connected, s.at(60)))
		s.ok(s.books.RenewLease(s.Context(), "ana", s.at(120)))
		s.ok(s.books.RenewLease(s.Context(), "ana", s.at(90)))
		seat, err := s.books.Seat(s.Context(), "ana")
		s.ok(err)
		s.same(seat, desk.Seat{Agent: "ana", Chosen: desk.Connected, Lease: s.at(120)})
	},
	"SetCapacity/LoadStays": func(s *shelf) {
		s.ok(s.books.SetCapacity(s.Context(), "ana", 1))
		s.begin(func(c *desk.Conversation) { c.Assignee = "ana" })
		s.ok(s.books.SetCapacity(s.Context(), "ana", 7))
		seat, err := s.books.Seat(s.Context(), "ana")
		s.ok(err)
		s.same([]int{seat.Load, seat.Capacity}, []int{1, 7})
		if seat.IdleSince.IsZero() {
			s.Fatal("the seat does not know when it was given a conversation")
		}
	},
}
