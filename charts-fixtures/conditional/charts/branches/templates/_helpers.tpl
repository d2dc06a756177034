{{- define "branches.extra" -}}
{{- if .Values.helper }}
- name: helper
  image: {{ printf "%s/%s:%s" .Values.registry "acme/helper" "5" }}
{{- end }}
{{- end -}}
{{- define "branches.main" -}}
{{- if .Values.pinned }}{{ .Values.main.image }}{{ else }}{{ .Values.main.image }}-debug{{ end -}}
{{- end -}}
