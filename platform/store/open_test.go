package store_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/wiyata-id/wiyata/platform/store"
)

// TestRefusedByServer: what a server answers to a newcomer becomes a line for the
// operator. The servers of tests let everybody in, so one that does not stands in.
func TestRefusedByServer(t *testing.T) {
	for code, says := range map[string]string{
		"28P01": "refuses the password", "28000": "lets this role not in", "3D000": "no such database", "53300": "no connection left",
	} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				conn, err := listener.Accept()
				if err != nil {
					return // closed below
				}
				refuse(conn, code)
			}
		}()
		_, err = store.Open(t.Context(), "postgres://app:kata-rahasia@"+listener.Addr().String()+"/wiyata?sslmode=disable", time.Now)
		if err == nil || !strings.Contains(err.Error(), says) || strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "kata-rahasia") {
			t.Errorf("%s = %v, want that the server %s", code, err, says)
		}
		listener.Close()
		<-done
	}
}

func refuse(conn net.Conn, code string) {
	defer conn.Close()
	server := pgproto3.NewBackend(conn, conn)
	if _, err := server.ReceiveStartupMessage(); err != nil {
		return
	}
	server.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: code, Message: `refused "app"`})
	server.Flush() // whoever has hung up needs no answer
}

// TestOddPath: a file is opened under its whole name, whatever a URI would make of it.
func TestOddPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a#b?c%41 d.db")
	db, err := store.Open(t.Context(), "sqlite:"+path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.SQL().Exec("CREATE TABLE t (n int)"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}
