package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tuban/classify/landclass"
	"tuban/classify/rules"
)

func newRules() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "Show the default rules, or check a rules file",
		Example: `  tuban rules show > my-rules.yaml
  tuban rules show --no-survey
  tuban rules check my-rules.yaml --system "TD/T 1055-2019"`,
		// Without these two, cobra answers an unknown subcommand with help and success.
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var noSurvey bool
	show := &cobra.Command{
		Use:   "show",
		Short: "Print the embedded default rules, ready to copy and change",
		Long: `Print the rules that "rules: default" stands for, ready to copy and change: those of a run with a survey, or
those of a run without one.`,
		Example: `  tuban rules show > my-rules.yaml
  tuban rules show --no-survey > my-rules.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(rules.Default(!noSurvey))
			return err
		},
	}
	show.Flags().BoolVar(&noSurvey, "no-survey", false, "those of a run that names no survey")
	cmd.AddCommand(show)
	var system string
	check := &cobra.Command{
		Use:     "check FILE",
		Short:   "Say everything that is wrong with a rules file",
		Example: `  tuban rules check my-rules.yaml --system "用地用海 2023"`,
		Args:    one("a rules file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, sys, err := rulesFile(args[0], system)
			if err != nil {
				return err
			}
			if problems := rules.Check(args[0], text, sys); len(problems) > 0 {
				return inputError(problems)
			}
			file, err := rules.Parse(args[0], text)
			if err != nil {
				return inputError(err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d kinds, %d categories, no problems\n", args[0], len(file.Kinds), len(file.Categories))
			for _, k := range file.Kinds {
				if k.IsOff() {
					fmt.Fprintf(cmd.OutOrStdout(), "kind %s is off: %s\n", k.Code, k.Off.EN)
				}
			}
			return nil
		},
	}
	check.Flags().StringVar(&system, "system", "", "code system to resolve survey classes in; by default each is accepted that any system knows")
	cmd.AddCommand(check)
	return cmd
}

// rulesFile reads the text of a file of rules, and the code system to check it for, "" for any.
func rulesFile(path, system string) (text []byte, sys landclass.System, err error) {
	if text, err = os.ReadFile(path); err != nil {
		return nil, "", inputError(err)
	}
	if system != "" {
		if sys, err = landclass.ParseSystem(system); err != nil {
			return nil, "", usageError{err}
		}
	}
	return text, sys, nil
}
