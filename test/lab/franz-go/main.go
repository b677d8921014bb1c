// Sends each line of standard input as a record. Arguments: brokers, topic, codec, bytes of a batch, linger.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

var codecs = map[string]kgo.CompressionCodec{
	"none":   kgo.NoCompression(),
	"gzip":   kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(),
	"lz4":    kgo.Lz4Compression(),
	"zstd":   kgo.ZstdCompression(),
}

func main() {
	if err := produce(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func produce(args []string) error {
	if len(args) != 5 {
		return fmt.Errorf("wanted: brokers, topic, codec, bytes of a batch, linger")
	}
	codec, known := codecs[args[2]]
	if !known {
		return fmt.Errorf("%s is no codec", args[2])
	}
	batchBytes, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	linger, err := time.ParseDuration(args[4])
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(args[0], ",")...),
		kgo.DefaultProduceTopic(args[1]),
		kgo.ProducerBatchCompression(codec),
		kgo.ProducerBatchMaxBytes(int32(batchBytes)),
		kgo.ProducerLinger(linger),
		// at the limit it sends what there is, full or not
		kgo.MaxBufferedRecords(1_000_000),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	var once sync.Once
	var failure error
	sent := func(_ *kgo.Record, err error) {
		if err != nil {
			once.Do(func() { failure = err })
		}
	}
	ctx := context.Background()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		client.Produce(ctx, kgo.StringRecord(lines.Text()), sent)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if err := client.Flush(ctx); err != nil {
		return err
	}
	return failure
}
