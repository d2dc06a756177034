{{- define "fails" -}}
{{ .Values.missing.a }}
{{- end }}
{{- define "calls-fails" }}
  b: {{ include "fails" . }}
{{- end }}
{{- define "requires" }}{{ required "from a helper" .Values.none }}{{ end }}
{{- define "function-fails" }}{{ "{" | mustFromJson }}{{ end }}
{{- define "endless" }}{{ include "endless" . }}{{ end }}
