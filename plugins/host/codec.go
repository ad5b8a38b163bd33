package host

import (
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	standard "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// maxParts bounds the texts and messages of one answer, however deep: 500 participants
// with 300 each. On the wire an empty one takes two bytes and in memory hundreds, so that
// 4 MiB could become a gigabyte.
const maxParts = 150_000

// A frugal codec counts the parts of an answer before it makes them.
type frugal struct{ encoding.CodecV2 }

// dialOptions are the contract's, with a frugal codec.
func dialOptions(contract []grpc.DialOption) []grpc.DialOption {
	return append(contract, grpc.WithDefaultCallOptions(grpc.ForceCodecV2(frugal{encoding.GetCodecV2(standard.Name)})))
}

// Unmarshal refuses what has too many parts, or is nested too deep.
func (f frugal) Unmarshal(data mem.BufferSlice, v any) error {
	m, ok := v.(proto.Message)
	if !ok {
		return fmt.Errorf("%T is no message", v)
	}
	left := maxParts
	if err := count(data.Materialize(), m.ProtoReflect().Descriptor(), &left, 0); err != nil {
		return err
	}
	return f.CodecV2.Unmarshal(data, v)
}

// count takes the parts of a message of that kind from left.
func count(data []byte, kind protoreflect.MessageDescriptor, left *int, depth int) error {
	const deepest = 30
	if depth > deepest {
		return errors.New("answer is nested too deep")
	}
	for len(data) > 0 {
		number, wire, n := protowire.ConsumeTag(data)
		if n < 0 {
			return protowire.ParseError(n)
		}
		data = data[n:]
		if n = protowire.ConsumeFieldValue(number, wire, data); n < 0 {
			return protowire.ParseError(n)
		}
		value := data[:n]
		data = data[n:]
		if wire != protowire.BytesType {
			continue
		}
		if *left--; *left < 0 {
			return fmt.Errorf("answer of more than %d parts", maxParts)
		}
		if field := kind.Fields().ByNumber(number); field != nil && field.Message() != nil {
			inner, _ := protowire.ConsumeBytes(value)
			if err := count(inner, field.Message(), left, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
