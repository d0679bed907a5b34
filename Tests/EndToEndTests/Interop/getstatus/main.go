// Getstatus asks a daemon for a project's status with the Go implementation of ttrpc, and prints what it understood as
// JSON: the proof that existing clients work unchanged.
//
// Build, with golang-github-containerd-ttrpc-dev from Debian:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode CGO_ENABLED=0 go build -o getstatus main.go
//
// Usage: getstatus [-calls N] SOCKET PROJECT
//
// It exits with 1 when the status cannot be had, or when concurrent calls do not all give the same answer.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const service = "telltale.v1.StatusService"

// The messages of proto/telltale/v1, as far as they are read here. What is left out is skipped by its field number.

type getStatusRequest struct {
	ProjectID string `protobuf:"bytes,1,opt,name=project_id,proto3"`
}

func (m *getStatusRequest) Reset()         { *m = getStatusRequest{} }
func (m *getStatusRequest) String() string { return fmt.Sprintf("%+v", *m) }
func (*getStatusRequest) ProtoMessage()    {}

type getStatusResponse struct {
	Envelope    *statusEnvelope `protobuf:"bytes,1,opt,name=envelope,proto3"`
	NotModified bool            `protobuf:"varint,2,opt,name=not_modified,proto3"`
	Hash        string          `protobuf:"bytes,3,opt,name=hash,proto3"`
}

func (m *getStatusResponse) Reset()         { *m = getStatusResponse{} }
func (m *getStatusResponse) String() string { return fmt.Sprintf("%+v", *m) }
func (*getStatusResponse) ProtoMessage()    {}

type statusEnvelope struct {
	ProjectID string               `protobuf:"bytes,1,opt,name=project_id,proto3"`
	Items     []*integrationStatus `protobuf:"bytes,2,rep,name=items,proto3"`
	Services  []*integrationStatus `protobuf:"bytes,3,rep,name=services,proto3"`
	Overall   int32                `protobuf:"varint,4,opt,name=overall,proto3"`
	Hash      string               `protobuf:"bytes,5,opt,name=hash,proto3"`
	Revision  uint64               `protobuf:"varint,13,opt,name=revision,proto3"`
}

func (m *statusEnvelope) Reset()         { *m = statusEnvelope{} }
func (m *statusEnvelope) String() string { return fmt.Sprintf("%+v", *m) }
func (*statusEnvelope) ProtoMessage()    {}

type integrationStatus struct {
	Key        string `protobuf:"bytes,1,opt,name=key,proto3" json:"key"`
	Configured bool   `protobuf:"varint,3,opt,name=configured,proto3" json:"configured"`
	Status     int32  `protobuf:"varint,6,opt,name=status,proto3" json:"status"`
	Summary    string `protobuf:"bytes,7,opt,name=summary,proto3" json:"summary"`
}

func (m *integrationStatus) Reset()         { *m = integrationStatus{} }
func (m *integrationStatus) String() string { return fmt.Sprintf("%+v", *m) }
func (*integrationStatus) ProtoMessage()    {}

// What is printed.

type report struct {
	ProjectID      string               `json:"project_id"`
	Hash           string               `json:"hash"`
	EnvelopeHash   string               `json:"envelope_hash"`
	Overall        int32                `json:"overall"`
	Revision       uint64               `json:"revision"`
	Items          []*integrationStatus `json:"items"`
	Services       int                  `json:"services"`
	Calls          int                  `json:"calls"`
	UnknownProject refusal              `json:"unknown_project"`
	UnknownMethod  refusal              `json:"unknown_method"`
	UnknownService refusal              `json:"unknown_service"`
}

type refusal struct {
	Code    int      `json:"code"`
	Name    string   `json:"name"`
	Message string   `json:"message"`
	Details []string `json:"details"`
}

func main() {
	calls := flag.Int("calls", 1, "how many calls to make at once on the one connection, at most 10000")
	flag.Parse()
	if flag.NArg() != 2 || *calls < 1 || *calls > 10000 {
		fmt.Fprintln(os.Stderr, "usage: getstatus [-calls N] SOCKET PROJECT")
		os.Exit(64)
	}
	if err := run(flag.Arg(0), flag.Arg(1), *calls); err != nil {
		fmt.Fprintln(os.Stderr, "getstatus:", err)
		os.Exit(1)
	}
}

func run(socket, project string, calls int) error {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	client := ttrpc.NewClient(conn)
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()

	answer, err := getStatus(ctx, client, project)
	if err != nil {
		return err
	}
	if err := repeat(ctx, client, project, answer.Hash, calls-1); err != nil {
		return err
	}
	result := report{
		ProjectID:      answer.Envelope.ProjectID,
		Hash:           answer.Hash,
		EnvelopeHash:   answer.Envelope.Hash,
		Overall:        answer.Envelope.Overall,
		Revision:       answer.Envelope.Revision,
		Items:          answer.Envelope.Items,
		Services:       len(answer.Envelope.Services),
		Calls:          calls,
		UnknownProject: refusalOf(ctx, client, service, "GetStatus", "no-such-project"),
		UnknownMethod:  refusalOf(ctx, client, service, "NoSuchMethod", project),
		UnknownService: refusalOf(ctx, client, "telltale.v1.NoSuchService", "GetStatus", project),
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(result)
}

func getStatus(ctx context.Context, client *ttrpc.Client, project string) (*getStatusResponse, error) {
	var answer getStatusResponse
	if err := client.Call(ctx, service, "GetStatus", &getStatusRequest{ProjectID: project}, &answer); err != nil {
		return nil, err
	}
	if answer.Envelope == nil {
		return nil, fmt.Errorf("the answer holds no envelope: %v", &answer)
	}
	return &answer, nil
}

// repeat makes the calls at once, and fails unless each gives the hash.
func repeat(ctx context.Context, client *ttrpc.Client, project, hash string, calls int) error {
	failures := make(chan error, calls)
	for i := 0; i < calls; i++ {
		go func() {
			answer, err := getStatus(ctx, client, project)
			if err == nil && answer.Hash != hash {
				err = fmt.Errorf("one call gave hash %q and another %q", hash, answer.Hash)
			}
			failures <- err
		}()
	}
	var failure error
	for i := 0; i < calls; i++ {
		if err := <-failures; err != nil {
			failure = err
		}
	}
	return failure
}

// refusalOf makes a call that ought to be refused, and says how it was. Code 0 says that it was not.
func refusalOf(ctx context.Context, client *ttrpc.Client, service, method, project string) refusal {
	err := client.Call(ctx, service, method, &getStatusRequest{ProjectID: project}, &getStatusResponse{})
	answer := status.Convert(err)
	result := refusal{Code: int(answer.Code()), Name: answer.Code().String(), Message: answer.Message(), Details: []string{}}
	if answer.Code() == codes.OK {
		return result
	}
	for _, detail := range answer.Proto().GetDetails() {
		result.Details = append(result.Details, detail.TypeUrl)
	}
	return result
}
