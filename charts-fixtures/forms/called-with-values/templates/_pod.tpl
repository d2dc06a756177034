{{- define "called.pod" -}}
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: "{{ .repository }}:{{ .tag }}"
{{- end }}
