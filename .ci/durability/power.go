package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

// imageSize is the disk's: a cut copies it whole.
const imageSize = 64 << 20 // bytes

// power cuts the power under SQLite, cycles times with synchronous=FULL, as the
// application opens it, and as often with OFF, which must lose something. It prints a
// table and fails when the one loses or the other does not.
func power(ctx context.Context, cycles int) error {
	if os.Geteuid() != 0 {
		return errors.New("cutting the power needs root, for loop devices and mounts")
	}
	dir, err := os.MkdirTemp("", "wiyata-power-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := prepare(ctx, filepath.Join(dir, "template.db")); err != nil {
		return err
	}
	fmt.Println(heading)
	totals := map[string]verdict{}
	for _, synchronous := range []string{"full", "off"} {
		for range cycles {
			v, err := cut(ctx, dir, synchronous)
			if err != nil {
				return fmt.Errorf("synchronous=%s: %w", synchronous, err)
			}
			totals[synchronous] = totals[synchronous].add(v)
		}
		name := "power cut, sqlite synchronous=" + strings.ToUpper(synchronous)
		fmt.Println(totals[synchronous].row(name))
	}
	fmt.Println("OFF is the control: the application cannot be set so. PostgreSQL had no cut.")
	if totals["full"].wrong() {
		return errors.New("what was acknowledged is not what is there after the power was cut")
	}
	if totals["off"].lost == 0 {
		return errors.New("the control lost nothing: the harness is blind, and proves nothing about FULL")
	}
	return nil
}

// prepare makes the database that each cycle begins with.
func prepare(ctx context.Context, path string) error {
	db, err := store.Open(ctx, "sqlite:"+path, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := migrations.Up(ctx, db.SQL(), db.Engine); err != nil {
		return err
	}
	_, err = db.SQL().ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// cut has a writer write onto a disk of its own, takes its power, and judges what is on
// the disk then.
func cut(ctx context.Context, dir, synchronous string) (v verdict, err error) {
	image, after := filepath.Join(dir, "image"), filepath.Join(dir, "after")
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		return v, err
	}
	if err := os.Truncate(image, imageSize); err != nil {
		return v, err
	}
	if err := command(ctx, "mkfs.ext4", "-q", "-F", image); err != nil {
		return v, err
	}
	l := newLedger()
	if err := write(ctx, l, dir, image, after, synchronous); err != nil {
		return v, err
	}
	disk, err := mount(ctx, after, filepath.Join(dir, "recovered"))
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, disk.unmount()) }()
	dsn := "sqlite:" + filepath.Join(disk.at, "wiyata.db")
	return judge(ctx, l, dsn, func(ctx context.Context) (found, error) { return lookAt(ctx, dsn) })
}

// write has a writer write onto image until its power goes: stopped in its tracks, it
// says nothing more, and what has reached the disk by then is copied to after.
func write(ctx context.Context, l *ledger, dir, image, after, synchronous string) (err error) {
	disk, err := mount(ctx, image, filepath.Join(dir, "mounted"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, disk.unmount()) }()
	path := filepath.Join(disk.at, "wiyata.db")
	if err := command(ctx, "cp", filepath.Join(dir, "template.db"), path); err != nil {
		return err
	}
	if err := command(ctx, "sync", "-f", path); err != nil {
		return err
	}
	s, err := start(ctx, l, "sqlite:"+path, synchronous)
	if err != nil {
		return err
	}
	s.feed()
	defer s.kill() // it reads what was said before the cut; before unmount
	if err := s.sometime(ctx); err != nil {
		return err
	}
	if err := s.freeze(ctx); err != nil {
		return err
	}
	return command(ctx, "dd", "if="+image, "of="+after, "bs=4M", "iflag=direct", "status=none")
}

// freeze stops the writer, and returns when each of its threads has stopped: one that
// is in the kernel ends its call first.
func (s *session) freeze(ctx context.Context) error {
	if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		stopped, err := s.stopped()
		if err != nil || stopped {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *session) stopped() (bool, error) {
	stats, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid), "task", "*", "stat"))
	if err != nil || len(stats) == 0 {
		return false, errors.Join(err, errors.New("the writer has no threads"))
	}
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			return false, err
		}
		_, state, _ := strings.Cut(string(text), ") ") // after the name of the program
		if !strings.HasPrefix(state, "T") {
			return false, nil
		}
	}
	return true, nil
}

// A disk is an image that is mounted through a loop device past the cache of the
// file system that it lies on.
type disk struct{ device, at string }

// mount mounts image at a folder. The file system commits by itself after five
// minutes only, so that what is safe is so because the application has asked for it.
func mount(ctx context.Context, image, at string) (d disk, err error) {
	if err := os.MkdirAll(at, 0o700); err != nil {
		return d, err
	}
	out, err := exec.CommandContext(ctx, "losetup", "--direct-io=on", "--find", "--show", image).CombinedOutput()
	if err != nil {
		return d, fmt.Errorf("losetup: %w: %s", err, out)
	}
	d = disk{strings.TrimSpace(string(out)), at}
	direct, err := exec.CommandContext(ctx, "losetup", "--noheadings", "--output", "DIO", d.device).Output()
	if err == nil && strings.TrimSpace(string(direct)) != "1" {
		err = errors.New("the loop device goes through the cache: the folder for temporary files does not take direct I/O")
	}
	if err == nil {
		err = command(ctx, "mount", "-o", "commit=300", d.device, at)
	}
	if err != nil {
		return d, errors.Join(err, command(context.WithoutCancel(ctx), "losetup", "--detach", d.device))
	}
	return d, nil
}

// unmount gives the disk back, also when the run was interrupted.
func (d disk) unmount() error {
	ctx := context.Background()
	return errors.Join(command(ctx, "umount", d.at), command(ctx, "losetup", "--detach", d.device))
}

func command(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}
