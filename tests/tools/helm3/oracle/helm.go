package main

import (
	"context"
	"fmt"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/cli/values"
	"helm.sh/helm/v3/pkg/getter"
)

// helmTemplate is `helm template r CHART -f FILE... --set...` without the command line; it returns the manifest.
func helmTemplate(path string, files []string, flags [][2]string) (string, error) {
	given, err := options(files, flags).MergeValues(getter.Providers{})
	if err != nil {
		return "", err
	}
	loaded, err := loader.Load(path)
	if err != nil {
		return "", err
	}
	if err := installable(loaded); err != nil {
		return "", err
	}
	silent := func(string, ...interface{}) {}
	client := action.NewInstall(&action.Configuration{Log: silent})
	client.DryRun, client.DryRunOption, client.ClientOnly = true, "true", true
	client.ReleaseName, client.Namespace, client.Replace = "r", "default", true
	made, err := client.RunWithContext(context.Background(), loaded, given)
	if err != nil {
		return "", err
	}
	return made.Manifest, nil
}

func options(files []string, flags [][2]string) *values.Options {
	made := &values.Options{ValueFiles: files}
	kinds := map[string]*[]string{
		"set": &made.Values, "set-string": &made.StringValues, "set-json": &made.JSONValues,
		"set-file": &made.FileValues, "set-literal": &made.LiteralValues,
	}
	for _, flag := range flags {
		texts, known := kinds[flag[0]]
		if !known {
			panic("oracle: no such flag: --" + flag[0])
		}
		*texts = append(*texts, flag[1])
	}
	return made
}

// installable is what the command asks of a chart before it installs it.
func installable(loaded *chart.Chart) error {
	if kind := loaded.Metadata.Type; kind != "" && kind != "application" {
		return fmt.Errorf("%s charts are not installable", kind)
	}
	if needed := loaded.Metadata.Dependencies; needed != nil {
		return action.CheckDependencies(loaded, needed)
	}
	return nil
}
