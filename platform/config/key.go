package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// KeySize is the length of every key in bytes.
const KeySize = 32

// ReadKeys reads a file of keys in hex, a line each, the newest first. Errors say what
// is wrong with the file and never what is in it.
func ReadKeys(path string) ([][]byte, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s: make it with `openssl rand -hex %d`", path, KeySize)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s may not be read: give it to the user that serves", path)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read", path)
	}
	var keys [][]byte
	for line := range strings.FieldsSeq(string(text)) {
		key, err := hex.DecodeString(line)
		if err != nil || len(key) != KeySize {
			return nil, fmt.Errorf("%s holds a line that is not %d bytes in hex: make it with `openssl rand -hex %d`", path, KeySize, KeySize)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s is empty: make it with `openssl rand -hex %d`", path, KeySize)
	}
	return keys, nil
}

// ReadKey is ReadKeys for a file with one key.
func ReadKey(path string) ([]byte, error) {
	keys, err := ReadKeys(path)
	if err != nil {
		return nil, err
	}
	if len(keys) > 1 {
		return nil, fmt.Errorf("%s holds %d keys, and one is wanted", path, len(keys))
	}
	return keys[0], nil
}
