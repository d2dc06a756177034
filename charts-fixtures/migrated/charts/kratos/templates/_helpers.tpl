{{- define "kratos.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- default (printf "%s-%s" .Release.Name $name) .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "kratos.labels" -}}
{{ include "kratos.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "kratos.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kratos.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "kratos.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "kratos.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{- define "kratos.env" -}}
- name: DSN
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.existingSecret }}
      key: dsn
- name: SECRETS_DEFAULT
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.existingSecret }}
      key: secretsDefault
- name: SECRETS_COOKIE
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.existingSecret }}
      key: secretsCookie
- name: SECRETS_CIPHER
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.existingSecret }}
      key: secretsCipher
- name: COURIER_SMTP_CONNECTION_URI
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.existingSecret }}
      key: smtpConnectionURI
- name: GITHUB_CLIENT_ID
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.githubSecret }}
      key: githubClientID
- name: GITHUB_CLIENT_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.githubSecret }}
      key: githubClientSecret
- name: WEBHOOK_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.webhookSecret }}
      key: webhookToken
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "kratos.volumeMounts" -}}
- name: config
  mountPath: /etc/config
  readOnly: true
- name: courier-templates
  mountPath: /etc/courier-templates
  readOnly: true
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "kratos.volumes" -}}
- name: config
  configMap:
    name: {{ include "kratos.fullname" . }}-config
- name: courier-templates
  configMap:
    name: {{ include "kratos.fullname" . }}-courier-templates
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "kratos.podChecksums" -}}
checksum/config: {{ toYaml .Values.kratos | sha256sum }}
{{- end -}}
