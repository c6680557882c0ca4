// Checks an exported ledger with Go's own packages, which know nothing of Custos:
//
//	go run verify.go FOLDER VERIFIER-KEY
//
// It opens the checkpoint, hashes every entry, computes the tree and every tile anew, compares each with the file, and
// checks inclusion proofs: some of its own, and every *.tlog-proof in the folder.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// hashes are the tree's stored hashes, in memory.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("no stored hash %d", index)
		}
		found[i] = h[index]
	}
	return found, nil
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: verify FOLDER VERIFIER-KEY")
	}
	dir, vkey := os.Args[1], os.Args[2]
	verifier, err := note.NewVerifier(vkey)
	check(err)
	size, root := open(read(dir, "checkpoint"), verifier)

	// The entries, their hashes and the tree over them.
	var stored hashes
	files, pruned := 0, 0
	for first := int64(0); first < size; first += 1 << height {
		width := min(size-first, 1<<height)
		leaves := read(dir, path("0", first>>height, width))
		bundle := read(dir, path("entries", first>>height, width))
		files++
		for n := first; n < first+width; n++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				fail("entry %d: the bundle ends early", n)
			}
			entry := bundle[2 : 2+binary.BigEndian.Uint16(bundle)]
			bundle = bundle[2+len(entry):]
			var leaf tlog.Hash
			if copy(leaf[:], leaves[(n-first)*tlog.HashSize:]) != tlog.HashSize {
				fail("entry %d: the tile ends early", n)
			}
			if len(entry) == 0 {
				pruned++
			} else if tlog.RecordHash(entry) != leaf {
				fail("entry %d is not the one whose hash is in the tile", n)
			} else if !json.Valid(entry) {
				fail("entry %d is not JSON", n)
			}
			more, err := tlog.StoredHashesForRecordHash(n, leaf, stored)
			check(err)
			stored = append(stored, more...)
		}
		if len(bundle) != 0 {
			fail("the bundle of entry %d is too long", first)
		}
	}
	computed, err := tlog.TreeHash(size, stored)
	check(err)
	if computed != root {
		fail("the root is %v, the checkpoint says %v", computed, root)
	}

	// Every tile of every level.
	for level := 0; size>>(height*level) > 0; level++ {
		for first := int64(0); first < size>>(height*level); first += 1 << height {
			width := min(size>>(height*level)-first, 1<<height)
			tile := tlog.Tile{H: height, L: level, N: first >> height, W: int(width)}
			data, err := tlog.ReadTileData(tile, stored)
			check(err)
			name := path(strconv.Itoa(level), tile.N, width)
			// Go writes the height into the path, C2SP does not.
			if tile.Path() != strings.Replace(name, "tile/", fmt.Sprintf("tile/%d/", height), 1) {
				fail("%s is named otherwise by Go: %s", name, tile.Path())
			}
			if !bytes.Equal(data, read(dir, name)) {
				fail("%s has other hashes", name)
			}
			files++
		}
	}

	// Proofs: of our own making, and those in the folder.
	for n := int64(0); n < size; n += size/7 + 1 {
		proof, err := tlog.ProveRecord(size, n, stored)
		check(err)
		check(tlog.CheckRecord(proof, size, root, n, stored[tlog.StoredHashIndex(0, n)]))
	}
	proofs, err := filepath.Glob(filepath.Join(dir, "*.tlog-proof"))
	check(err)
	for _, name := range proofs {
		text, err := os.ReadFile(name)
		check(err)
		checkProof(string(text), verifier)
	}
	fmt.Printf("%d entries, %d pruned, %d files, %d proofs: all right\n", size, pruned, files, len(proofs))
}

// checkProof checks a c2sp.org/tlog-proof whose extra data is the entry.
func checkProof(text string, verifier note.Verifier) {
	head, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("not a proof")
	}
	size, root := open([]byte(checkpoint), verifier)
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	check(err)
	n, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		check(err)
		proof = append(proof, hash)
	}
	check(tlog.CheckRecord(proof, size, root, n, tlog.RecordHash(entry)))
}

// open returns size and root of a signed checkpoint.
func open(text []byte, verifier note.Verifier) (int64, tlog.Hash) {
	signed, err := note.Open(text, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return size, root
}

// path is the path of a tile as C2SP tlog-tiles has it.
func path(level string, n, width int64) string {
	name := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	if width < 1<<height {
		name += fmt.Sprintf(".p/%d", width)
	}
	return "tile/" + level + "/" + name
}

func read(dir, name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	check(err)
	return data
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
