package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// A limit is how many failures somebody has: so many at once, and one more each time
// that has passed. A guess is paid for before it is judged and given back when it was
// right, so that no number of them at the same time is more than the limit.
type limit struct {
	name  string
	burst int
	every time.Duration
}

// Every limit there is. Strangers and the person's own devices have buckets apart:
// however much is guessed at an account elsewhere, its owner gets in at home.
var (
	perLogin   = limit{"login", 10, 15 * time.Minute}    // passwords for one name, from devices where its owner was never signed in
	perNetwork = limit{"network", 300, 12 * time.Second} // passwords from one network prefix: a building, a school, a town
	perDevice  = limit{"device", 10, 15 * time.Minute}   // passwords for one person from one device of theirs
	perCode    = limit{"code", 5, 30 * time.Minute}      // codes of one person's second factor, after the password
	perOwnCode = limit{"owncode", 5, 30 * time.Minute}   // the same from one device of theirs
	perProof   = limit{"proof", 5, 15 * time.Minute}     // passwords and codes that one session gives once more
	perRefusal = limit{"refusal", 600, 6 * time.Second}  // audit lines about failures, in the whole installation
)

// A charge is one guess against a limit.
type charge struct {
	limit
	key string
}

// of is a guess by or at whom parts name; none of them can be read off the key.
func (l limit) of(k keys, parts ...string) charge {
	return charge{l, l.name + ":" + k.tag(l.name+"\n"+strings.Join(parts, "\n"))}
}

// pay takes one guess from each bucket, or from none.
// Errors: fault.Limited when one is empty.
func (s *Service) pay(system context.Context, charges ...charge) error {
	charges = slices.Clone(charges)
	slices.SortFunc(charges, func(a, b charge) int { return strings.Compare(a.key, b.key) }) // nobody waits for whoever waits for them
	return s.gate.Note(system, authz.AccountSignIn, func(tx *store.Tx) error {
		for _, c := range charges {
			taken, err := take(system, tx, c)
			if err != nil {
				return err
			}
			if taken {
				continue
			}
			again, err := freeAt(system, tx, c)
			if err != nil {
				return err
			}
			return fault.Later(fault.Limited, again.Sub(tx.Now), "Terlalu banyak percobaan yang gagal. Coba lagi setelah pukul %s.", civil.Clock(again.Add(time.Minute-time.Millisecond).Truncate(time.Minute), civil.WIB))
		}
		return nil
	})
}

// repay gives back guesses that were none, and drops the buckets that are full again.
func (s *Service) repay(system context.Context, charges ...charge) error {
	return s.gate.Note(system, authz.AccountSignIn, func(tx *store.Tx) error {
		for _, c := range charges {
			if err := giveBack(system, tx, c); err != nil {
				return err
			}
		}
		return deleteFull(system, tx)
	})
}

// refuse records a failure under a tag of what was typed, never that itself.
func (s *Service) refuse(system context.Context, act, tag string) error {
	err := s.pay(system, perRefusal.of(s.keys))
	if f := fault.Of(err); f != nil && f.Kind == fault.Limited {
		return nil // enough of them are on record
	}
	if err != nil {
		return err
	}
	return s.gate.Platform(system, authz.AccountSignIn, "refused", func(tx *store.Tx) error {
		tx.About(act, tag)
		return nil
	})
}
