package desktest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
)

// ReadMail reads a mail as it goes out.
func ReadMail(raw []byte) (SentMail, error) {
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return SentMail{}, err
	}
	from, err := msg.Header.AddressList("From")
	if err != nil {
		return SentMail{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		return SentMail{}, err
	}
	mail := SentMail{MessageID: msg.Header.Get("Message-ID"), FromName: from[0].Name, From: from[0].Address,
		Subject: subject}
	media, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		return mail, err
	}
	if media == "text/plain" {
		text, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
		mail.Text = string(text)
		return mail, err
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for {
		part, err := parts.NextPart() // decodes quoted-printable
		if errors.Is(err, io.EOF) {
			return mail, nil
		}
		if err != nil {
			return mail, err
		}
		body, err := io.ReadAll(part)
		if err != nil {
			return mail, err
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			mail.HTML = string(body)
		} else {
			mail.Text = string(body)
		}
	}
}
