{{- define "alternatives.helped" -}}
{{- .image | default "ghcr.io/acme/helped:10" -}}
{{- end -}}
