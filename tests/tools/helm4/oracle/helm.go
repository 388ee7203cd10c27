package main

import (
	"context"
	"fmt"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/loader"
	"helm.sh/helm/v4/pkg/cli/values"
	"helm.sh/helm/v4/pkg/getter"
	release "helm.sh/helm/v4/pkg/release/v1"
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
	client := action.NewInstall(action.NewConfiguration())
	client.DryRunStrategy = action.DryRunClient
	client.ReleaseName, client.Namespace, client.Replace = "r", "default", true
	made, err := client.RunWithContext(context.Background(), loaded, given)
	if err != nil {
		return "", err
	}
	return made.(*release.Release).Manifest, nil
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
func installable(loaded chart.Charter) error {
	accessor, err := chart.NewAccessor(loaded)
	if err != nil {
		return err
	}
	if kind := accessor.MetadataAsMap()["Type"]; kind != "" && kind != "application" {
		return fmt.Errorf("%s charts are not installable", kind)
	}
	if needed := accessor.MetaDependencies(); len(needed) > 0 {
		return action.CheckDependencies(loaded, needed)
	}
	return nil
}
