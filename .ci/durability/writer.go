package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
)

const (
	tenant  store.TenantID = 15
	kind                   = "durability"
	workers                = 16 // that write at the same time
)

// An order is one row to write.
type order struct {
	door    string // write, append
	id      string
	payload string // without spaces
}

func (o order) line() string { return o.door + " " + o.id + " " + o.payload + "\n" }

// writer carries out the orders of in, and answers "ack id" once a row is committed,
// "nack id reason" when it is refused. synchronous is full, as the application sets
// it, or off, for the control.
func writer(dsn, synchronous string, in io.Reader, out io.Writer) error {
	ctx := authz.AsSystem(context.Background(), tenant)
	db, err := store.Open(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	if synchronous == "off" { // the one writing connection of SQLite
		if _, err := db.SQL().ExecContext(ctx, "PRAGMA synchronous=OFF"); err != nil {
			return err
		}
	}
	policy, err := authz.LoadPolicy()
	if err != nil {
		return err
	}
	gate := authz.New(db, policy, authz.Relations{})

	orders := make(chan order)
	var busy sync.WaitGroup
	var speaking sync.Mutex
	for range workers {
		busy.Go(func() {
			for o := range orders {
				answer := "ack " + o.id + "\n"
				if err := carryOut(ctx, gate, o); err != nil {
					answer = "nack " + o.id + " " + strings.ReplaceAll(err.Error(), "\n", " ") + "\n"
				}
				speaking.Lock()
				fmt.Fprint(out, answer)
				speaking.Unlock()
			}
		})
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var o order
		if n, _ := fmt.Sscan(lines.Text(), &o.door, &o.id, &o.payload); n == 3 { // else cut off
			orders <- o
		}
	}
	close(orders)
	busy.Wait()
	return nil
}

// carryOut writes o; that it is there already is no error.
func carryOut(ctx context.Context, gate *authz.Gate, o order) error {
	insert := func(tx *store.Tx) (sql.Result, error) {
		row := jobs.Row{TenantID: tenant, ID: o.id, PartyID: tenant, Kind: kind, Key: o.payload, CreatedAt: tx.Now, NotBefore: tx.Now}
		return tx.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	}
	if o.door == "append" {
		return gate.Append(ctx, authz.CreditWrite, authz.Statement{
			Insert: insert,
			Stored: func(tx *store.Tx) (bool, error) {
				return tx.NewSelect().Model((*jobs.Row)(nil)).Where("party_id = ? AND id = ?", tenant, o.id).Exists(ctx)
			},
			Closed: "Tidak tersimpan.",
		})
	}
	return gate.Write(ctx, authz.CreditWrite, "", func(tx *store.Tx) error {
		tx.About(kind, o.id)
		_, err := insert(tx)
		return err
	})
}
