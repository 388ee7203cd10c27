// The oracle: what `helm template` says of charts with values, many in one process.
//
// Each line of standard input is a case, each line of standard output its answer, both JSON:
//
//	{"chart": {"Chart.yaml": "...", "charts/sub/values.yaml": "..."}, "files": ["a: 1\n"], "flags": [["set", "a=1"]]}
//	{"ok": true, "error": "", "values": {"a": 1}}
//
// `chart` is a chart's whole tree, or one archive ("c.tgz") with the template of the oracle's in it; `files` are what -f is given, in order; `flags` the --set
// family. A text that is not UTF-8 is {"base64": "..."}. `extra` holds files of the working folder, for --set-file.
// `values` is what a template of the chart sees. Helm is linked, not run: helm.go, beside each go.mod, holds the little
// in which the versions differ. The network cannot be reached.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

const template = "templates/values-of-the-oracle.yaml"

// In base64, since Helm reads its own output as YAML once more.
const source = `oracle: {{ .Values | toJson | b64enc }}`

var printed = regexp.MustCompile(`(?m)^oracle: (\S*)$`)

// A Text is a file's content: a JSON string, or {"base64": "..."}.
type Text []byte

// UnmarshalJSON reads either form.
func (text *Text) UnmarshalJSON(data []byte) error {
	var plain string
	if json.Unmarshal(data, &plain) == nil {
		*text = Text(plain)
		return nil
	}
	var encoded struct {
		Base64 []byte `json:"base64"`
	}
	err := json.Unmarshal(data, &encoded)
	*text = encoded.Base64
	return err
}

// A Case is a chart and what is laid over its defaults.
type Case struct {
	Chart map[string]Text `json:"chart"`
	Files []Text          `json:"files"`
	Flags [][2]string     `json:"flags"`
	Extra map[string]Text `json:"extra"`
}

// An Answer is Helm's: refused, with its error, or the values that templates see.
type Answer struct {
	Ok     bool            `json:"ok"`
	Error  string          `json:"error"`
	Values json.RawMessage `json:"values"`
}

func main() {
	input, output, err := prepare()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lines := bufio.NewReader(input)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		answer, err := json.Marshal(answerTo(line))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if _, err := output.Write(append(answer, '\n')); err != nil {
			return
		}
	}
}

// prepare cuts Helm off from the standard streams and from the network.
func prepare() (input, output *os.File, err error) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		os.Setenv(name, "http://127.0.0.1:1") // nobody listens there
	}
	os.Unsetenv("NO_PROXY")
	os.Unsetenv("no_proxy")
	input, output = os.Stdin, os.Stdout
	if os.Stdin, err = os.Open(os.DevNull); err != nil {
		return nil, nil, err
	}
	if os.Stdout, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0); err != nil {
		return nil, nil, err
	}
	log.SetOutput(io.Discard)
	return input, output, nil
}

func answerTo(line []byte) Answer {
	var given Case
	if err := json.Unmarshal(line, &given); err != nil {
		return Answer{Error: "oracle: " + err.Error()}
	}
	values, err := judge(given)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return Answer{Ok: true, Values: values}
}

// judge says what Helm does; a panic is a refusal, as it ends the command.
func judge(given Case) (values json.RawMessage, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	folder, err := os.MkdirTemp("", "oracle-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	chart, files, err := layOut(folder, given)
	if err != nil {
		return nil, err
	}
	manifest, err := helmTemplate(chart, files, given.Flags)
	if err != nil {
		return nil, err
	}
	found := printed.FindStringSubmatch(manifest)
	if found == nil {
		return nil, fmt.Errorf("oracle: no values in the manifest: %s", manifest)
	}
	return base64.StdEncoding.DecodeString(found[1])
}

// layOut writes a case to a folder, where Helm will run.
func layOut(folder string, given Case) (chart string, files []string, err error) {
	chart = filepath.Join(folder, "chart")
	for name, text := range given.Chart {
		if err := write(chart, name, text); err != nil {
			return "", nil, err
		}
	}
	if name := archive(given.Chart); name != "" {
		chart = filepath.Join(chart, name)
	} else if err := write(chart, template, Text(source)); err != nil {
		return "", nil, err
	}
	for number, text := range given.Files {
		name := strconv.Itoa(number) + ".yaml"
		if err := write(folder, name, text); err != nil {
			return "", nil, err
		}
		files = append(files, name)
	}
	for name, text := range given.Extra {
		if err := write(folder, name, text); err != nil {
			return "", nil, err
		}
	}
	return chart, files, os.Chdir(folder)
}

// archive is the name of the chart's one file, if that is an archive.
func archive(chart map[string]Text) string {
	for name := range chart {
		if len(chart) == 1 && filepath.Ext(name) == ".tgz" {
			return name
		}
	}
	return ""
}

func write(folder, name string, text Text) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("oracle: %q leads outside its folder", name)
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
