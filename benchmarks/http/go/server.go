// The same two routes as the plain C server, on net/http alone.
package main

import (
	"bytes"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const largest = 1 << 20

var json = append(bytes.Repeat([]byte(" "), largest-2), "{}"...)

func serveJSON(writer http.ResponseWriter, request *http.Request) {
	size, err := strconv.Atoi(strings.TrimPrefix(request.URL.Path, "/json/"))
	if err != nil || size < 2 || size > largest {
		http.NotFound(writer, request)
		return
	}
	writer.Header().Set("Content-Type", "application/json")
	writer.Header().Set("Content-Length", strconv.Itoa(size))
	writer.Write(json[largest-size:])
}

var subscribers = struct {
	sync.Mutex
	channels map[chan []byte]bool
}{channels: map[chan []byte]bool{}}

// A subscriber that is 256 messages behind loses what comes then.
func publish() {
	due := time.Now()
	for sequence := 1; ; sequence++ {
		due = due.Add(10 * time.Millisecond)
		time.Sleep(time.Until(due))
		at := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		message := []byte(fmt.Sprintf("event: spec.changed\nid: %d\ndata: {\"sequence\":%d,\"at\":\"%s\","+
			"\"project\":\"bench\",\"type\":\"spec.changed\",\"spec_id\":\"2026-01-01-001-abc\",\"change\":\"edited\","+
			"\"from\":null,\"to\":null,\"by\":\"service\",\"revision\":\"0123456789abcdef\"}\n\n", sequence, sequence, at))
		subscribers.Lock()
		for channel := range subscribers.channels {
			select {
			case channel <- message:
			default:
			}
		}
		subscribers.Unlock()
	}
}

func serveEvents(writer http.ResponseWriter, request *http.Request) {
	channel := make(chan []byte, 256)
	subscribers.Lock()
	subscribers.channels[channel] = true
	subscribers.Unlock()
	defer func() {
		subscribers.Lock()
		delete(subscribers.channels, channel)
		subscribers.Unlock()
	}()
	writer.Header().Set("Content-Type", "text/event-stream")
	flusher := writer.(http.Flusher)
	flusher.Flush()
	for {
		select {
		case message := <-channel:
			if _, err := writer.Write(message); err != nil {
				return
			}
			flusher.Flush()
		case <-request.Context().Done():
			return
		}
	}
}

func main() {
	if len(os.Args) != 2 {
		os.Exit(64)
	}
	http.HandleFunc("/json/", serveJSON)
	http.HandleFunc("/events", serveEvents)
	go publish()
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
