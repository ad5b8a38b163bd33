package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// leastServed is what of the requests per second must be left when a list is served by the
// whole product: session, middleware, Gate and page.
const leastServed = 0.60

// BenchmarkEmployeeList compares the list of employees, as page and as operation, with a
// handler on Fiber alone that makes the very same statements in one transaction, under the
// same policies, and writes their rows as JSON. Both are asked over loopback, in turn; the
// gate is the median of the ratios of neighbours.
func BenchmarkEmployeeList(b *testing.B) {
	for _, engine := range storetest.Engines() {
		if engine != store.Postgres {
			continue // it is PostgreSQL that has policies to enter
		}
		b.Run(string(engine), func(b *testing.B) {
			untraced(b)
			db := template.Clone(b, engine)
			var said heard
			watched := assemble(b, store.Observed(db, said.hear), slog.New(slog.DiscardHandler))
			for i := range 40 {
				_, err := watched.employees.AddUnit(watched.as(b, "sarolangun"), employee.Unit{Name: fmt.Sprint("Dinas ", i)})
				check(b, err)
			}
			crowd(b, db, 1, 2000, watched.government(b, "15.03"))
			rina := watched.signIn(b, "sarolangun")
			product := assemble(b, db, slog.New(slog.DiscardHandler))
			product.start(b)
			ours := serving(b, product.web.Run)
			measured := false
			for b.Loop() {
				if measured { // the rounds of a median are inside, however many are asked for
					continue
				}
				measured = true
				for _, list := range []struct{ name, path string }{{"page", "/t/15-03/pegawai"}, {"operation", "/api/v1/tenants/15-03/employees"}} {
					statements := said.of(func() { rina.open(list.path).want(http.StatusOK) })
					bare := serving(b, running(bareList(db.SQL(), statements)))
					compareServed(b, list.name, len(statements), request(list.path, rina.cookies), ours, request("/", nil), bare)
				}
			}
		})
	}
}

// compareServed measures what ours and the bare handler serve, in turn and by turns the one
// or the other first.
func compareServed(b *testing.B, name string, statements int, toOurs []byte, ours string, toBare []byte, bare string) {
	b.Helper()
	const rounds, each = 15, 300 * time.Millisecond
	for _, callers := range []int{1, 8} {
		perSecond(b, ours, toOurs, callers, each) // warm
		perSecond(b, bare, toBare, callers, each)
		var with, without, ratios figures
		for i := range rounds {
			var o, w float64
			if i%2 == 0 {
				o = perSecond(b, ours, toOurs, callers, each)
			}
			w = perSecond(b, bare, toBare, callers, each)
			if i%2 == 1 {
				o = perSecond(b, ours, toOurs, callers, each)
			}
			with, without, ratios = append(with, o), append(without, w), append(ratios, o/w)
		}
		fmt.Printf("\nfigure: list of 30 employees of 2,000 as %s, callers %d, statements %d: %s requests/s, bare Fiber with the same statements %s; ratio %s, at least %.2f\n",
			name, callers, statements, with.spread("%.0f"), without.spread("%.0f"), ratios.sure("%.2f"), leastServed)
		if ratios.median() < leastServed {
			b.Errorf("as %s with %d callers %.2f of the bare requests per second are left, at least %.2f", name, callers, ratios.median(), leastServed)
		}
	}
}

// bareList is a handler that makes statements in one transaction and writes the rows that
// come back, and nothing more.
func bareList(pool *sql.DB, statements []string) *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error {
		tx, err := pool.BeginTx(c.UserContext(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		body := []byte("[")
		for _, s := range statements {
			if strings.HasPrefix(s, "SELECT set_config") {
				_, err = tx.ExecContext(c.UserContext(), s)
			} else {
				body, err = appendRows(c.UserContext(), tx, s, body)
			}
			if err != nil {
				return err
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(append(body, "{}]"...))
	})
	return app
}

// appendRows writes the rows of a statement behind body, an object and a comma each.
func appendRows(ctx context.Context, tx *sql.Tx, statement string, body []byte) ([]byte, error) {
	rows, err := tx.QueryContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i, name := range columns {
		columns[i], into[i] = `"`+name+`":`, &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		body = append(body, '{')
		for i, v := range values {
			text, err := json.Marshal(v.String)
			if err != nil {
				return nil, err
			}
			body = append(append(append(body, columns[i]...), text...), ',')
		}
		body[len(body)-1] = '}' // in place of the last comma
		body = append(body, ',')
	}
	return body, rows.Err()
}

// running serves app as the product is served.
func running(app *fiber.App) func(context.Context, net.Listener) error {
	return func(ctx context.Context, listener net.Listener) error {
		context.AfterFunc(ctx, func() { app.Shutdown() })
		return app.Listener(listener)
	}
}

// serving runs something on a free port of loopback until the end of the benchmark, and
// returns its address.
func serving(b *testing.B, run func(context.Context, net.Listener) error) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- run(ctx, listener) }()
	b.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			b.Errorf("serve: %v", err)
		}
	})
	return listener.Addr().String()
}

// request is what a browser with cookies sends, as bytes.
func request(path string, cookies map[string]string) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "GET %s HTTP/1.1\r\nHost: wiyata.test\r\n", path)
	for name, value := range cookies {
		fmt.Fprintf(&text, "Cookie: %s=%s\r\n", name, value)
	}
	text.WriteString("\r\n")
	return text.Bytes()
}

// perSecond has callers send the request again and again, a connection each, and returns
// how many were answered per second.
func perSecond(b *testing.B, address string, request []byte, callers int, each time.Duration) float64 {
	b.Helper()
	var done atomic.Int64
	var wait sync.WaitGroup
	started := time.Now()
	for range callers {
		wait.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			for reader := bufio.NewReaderSize(conn, 64<<10); time.Since(started) < each; done.Add(1) {
				if err := answered(conn, reader, request); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	return float64(done.Load()) / time.Since(started).Seconds()
}

// answered sends a request and reads the answer away. An answer of a few bytes is no list.
func answered(conn net.Conn, reader *bufio.Reader, request []byte) error {
	if _, err := conn.Write(request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(reader, nil)
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || n < 5000) {
		err = fmt.Errorf("status %d with %d bytes", resp.StatusCode, n)
	}
	return err
}
