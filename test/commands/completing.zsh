# Has an interactive zsh complete a line by a script, and writes what it finds into a file, one match a line:
#   zsh -f completing.zsh SCRIPT LINE FILE
zmodload zsh/zpty
export SCRIPT=$1 LINE=$2 FOUND=$3
zpty shell "zsh -f -i"
# An interactive shell takes no comments. With -O, -A or -D compadd fills arrays, and adds nothing.
# What a terminal echoes of these lines must not look like their output: hence the quotes within words.
zpty -w shell 'PROMPT=; autoload -Uz compinit; compinit -u -D; source $SCRIPT
compadd() {
  if (( ${@[(I)-[OAD]*]} )); then builtin compadd "$@"; return; fi
  local -a hits
  builtin compadd -A hits "$@"
  (( $#hits )) && print -rl -- $hits >>$FOUND
  builtin compadd "$@"
}
comppostfuncs=(completed)
completed() { print "COMP""LETED" }
bindkey "^I" complete-word
print "REA""DY"'
zpty -r shell seen '*READY*'
zpty -w -n shell "$LINE"$'\t'
zpty -r shell seen '*COMPLETED*'
zpty -d shell
