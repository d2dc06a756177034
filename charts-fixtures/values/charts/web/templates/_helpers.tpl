{{- define "web.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{- printf "%s/%s:%s" .Values.image.registry .Values.image.repository $tag -}}
{{- end -}}

{{- define "web.pod" -}}
spec:
  containers:
    - name: web
      image: {{ include "web.image" . | quote }}
    {{- with .Values.debugger }}
    - {name: debugger, image: "ghcr.io/{{ . }}:3.0", stdin: true}
    {{- end }}
{{- end -}}
