// tlog_verify checks a ledger's evidence with the Go checksum database's own code: seals and holding
// notes with sumdb/note, proofs with sumdb/tlog. Nothing here was written by those who wrote the
// ledger's verifier, except the cosignature verifier that sumdb/note lacks and the reading of texts.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run tlog_verify.go BUNDLE.json...
//
// A bundle is one JSON object; vkey, checkpoint, index, leaf and inclusion must be there, the rest
// in groups: old_checkpoint with consistency; cosignature_vkey with cosigned; holding_vkey with
// holding_note; tlog_proof. A field of another name is an error, so that no check goes missing by a
// misspelt word. Hashes and leaf are base64.
//
// For each bundle one line of JSON: {"file", "accepted", "checks": [{"name", "accepted", "error"}]}.
// Exit 0 when all are accepted, 1 when one is rejected, 2 when one cannot be read. (go run turns
// both into 1; go build keeps them apart.)
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type bundle struct {
	Vkey            string      `json:"vkey"`
	Checkpoint      string      `json:"checkpoint"`
	Index           *int64      `json:"index"`
	Leaf            []byte      `json:"leaf"`
	Inclusion       []tlog.Hash `json:"inclusion"`
	OldCheckpoint   string      `json:"old_checkpoint"`
	Consistency     []tlog.Hash `json:"consistency"`
	CosignatureVkey string      `json:"cosignature_vkey"`
	Cosigned        string      `json:"cosigned"`
	HoldingVkey     string      `json:"holding_vkey"`
	HoldingNote     string      `json:"holding_note"`
	TlogProof       string      `json:"tlog_proof"`
}

type check struct {
	Name     string `json:"name"`
	Accepted bool   `json:"accepted"`
	Error    string `json:"error,omitempty"`
}

type verdict struct {
	File     string  `json:"file"`
	Accepted bool    `json:"accepted"`
	Checks   []check `json:"checks"`
	Error    string  `json:"error,omitempty"`
}

type head struct {
	size int64
	root tlog.Hash
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: tlog_verify BUNDLE.json...")
		os.Exit(2)
	}
	exit := 0
	for _, file := range os.Args[1:] {
		v := verdict{File: file, Checks: []check{}}
		b, err := read(file)
		if err != nil {
			v.Error = err.Error()
			exit = 2
		} else {
			v.Checks = verify(b)
			v.Accepted = true
			for _, c := range v.Checks {
				v.Accepted = v.Accepted && c.Accepted
			}
			if !v.Accepted && exit == 0 {
				exit = 1
			}
		}
		line, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
	}
	os.Exit(exit)
}

func read(file string) (*bundle, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	b := new(bundle)
	if err := decoder.Decode(b); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON value")
	}
	if b.Vkey == "" || b.Checkpoint == "" || b.Index == nil || b.Leaf == nil || b.Inclusion == nil {
		return nil, errors.New("vkey, checkpoint, index, leaf and inclusion must be there")
	}
	if (b.OldCheckpoint == "") != (b.Consistency == nil) || (b.CosignatureVkey == "") != (b.Cosigned == "") ||
		(b.HoldingVkey == "") != (b.HoldingNote == "") {
		return nil, errors.New("half of a group of fields is missing")
	}
	return b, nil
}

func verify(b *bundle) []check {
	var checks []check
	run := func(name string, f func() error) {
		c := check{Name: name, Accepted: true}
		if err := f(); err != nil {
			c.Accepted, c.Error = false, err.Error()
		}
		checks = append(checks, c)
	}
	run("checkpoint", func() error {
		_, err := openCheckpoint(b.Checkpoint, b.Vkey)
		return err
	})
	run("inclusion", func() error { return checkInclusion(b, b.Checkpoint, *b.Index, b.Inclusion) })
	if b.OldCheckpoint != "" {
		run("consistency", func() error {
			old, err := openCheckpoint(b.OldCheckpoint, b.Vkey)
			if err != nil {
				return err
			}
			now, err := openCheckpoint(b.Checkpoint, b.Vkey)
			if err != nil {
				return err
			}
			return tlog.CheckTree(tlog.TreeProof(b.Consistency), now.size, now.root, old.size, old.root)
		})
	}
	if b.Cosigned != "" {
		run("cosignature", func() error {
			_, err := openCheckpoint(b.Cosigned, b.Vkey, b.CosignatureVkey)
			return err
		})
	}
	if b.HoldingNote != "" {
		run("holding", func() error {
			text, err := open(b.HoldingNote, b.HoldingVkey)
			if err == nil && !strings.HasPrefix(text, "hallway-holding/v1\n") {
				err = errors.New("not a holding note")
			}
			return err
		})
	}
	if b.TlogProof != "" {
		run("tlog-proof", func() error {
			index, proof, checkpoint, err := parseTlogProof(b.TlogProof)
			if err != nil {
				return err
			}
			return checkInclusion(b, checkpoint, index, proof)
		})
	}
	return checks
}

func checkInclusion(b *bundle, checkpoint string, index int64, proof []tlog.Hash) error {
	h, err := openCheckpoint(checkpoint, b.Vkey)
	if err != nil {
		return err
	}
	if index < 0 || index >= h.size {
		return errors.New("index outside the tree")
	}
	return tlog.CheckRecord(tlog.RecordProof(proof), h.size, h.root, index, tlog.RecordHash(b.Leaf))
}

// open gives the text of a note that every one of the keys has signed.
func open(text string, vkeys ...string) (string, error) {
	var verifiers []note.Verifier
	for _, vkey := range vkeys {
		v, err := newVerifier(vkey)
		if err != nil {
			return "", err
		}
		verifiers = append(verifiers, v)
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifiers...))
	if err != nil {
		return "", err
	}
	if len(n.Sigs) != len(vkeys) {
		return "", fmt.Errorf("%d of %d keys have signed", len(n.Sigs), len(vkeys))
	}
	return n.Text, nil
}

// openCheckpoint reads a C2SP tlog-checkpoint whose origin is the name of the first key.
// (tlog.ParseTree knows only the origin of the checksum database.)
func openCheckpoint(text string, vkeys ...string) (head, error) {
	body, err := open(text, vkeys...)
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(body, "\n")
	if len(lines) != 4 {
		return head{}, errors.New("checkpoint does not have three lines")
	}
	if !strings.HasPrefix(vkeys[0], lines[0]+"+") {
		return head{}, errors.New("checkpoint of another origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return head{}, errors.New("malformed size")
	}
	root, err := tlog.ParseHash(lines[2])
	return head{size, root}, err
}

func parseTlogProof(text string) (int64, []tlog.Hash, string, error) {
	fail := func(why string) (int64, []tlog.Hash, string, error) {
		return 0, nil, "", errors.New("tlog-proof: " + why)
	}
	before, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(before, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fail("malformed")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return fail("no index")
	}
	number := strings.TrimPrefix(lines[0], "index ")
	index, err := strconv.ParseInt(number, 10, 64)
	if err != nil || strconv.FormatInt(index, 10) != number {
		return fail("malformed index")
	}
	proof := []tlog.Hash{}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return fail("malformed hash")
		}
		proof = append(proof, hash)
	}
	return index, proof, checkpoint, nil
}

// newVerifier knows the keys of sumdb/note and those of C2SP cosigners.
func newVerifier(vkey string) (note.Verifier, error) {
	words := strings.SplitN(vkey, "+", 3)
	if len(words) != 3 {
		return nil, errors.New("malformed verifier key")
	}
	key, err := base64.StdEncoding.DecodeString(words[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 0x04 {
		return note.NewVerifier(vkey)
	}
	id := sha256.Sum256(append([]byte(words[0]+"\n"), key...))
	if words[1] != hex.EncodeToString(id[:4]) {
		return nil, errors.New("verifier key has an id that does not belong to it")
	}
	return &cosigner{words[0], binary.BigEndian.Uint32(id[:4]), key[1:]}, nil
}

// cosigner verifies C2SP tlog-cosignature, the timestamped Ed25519 kind (cosignature/v1).
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	if time > 1<<63-1 {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}
