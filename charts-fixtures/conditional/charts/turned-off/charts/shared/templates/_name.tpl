{{- define "shared.name" -}}acme/{{ .Chart.Name }}{{- end -}}
