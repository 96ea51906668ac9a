package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tuban/classify/triage"
)

func newTriage() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "triage",
		Short: "Show the default rules of triage, or check a file of them",
		Long: `The rules of triage say which approvals count for which change and for how long, how much of a patch they must cover,
in which order patches are worth a visit, and which labels say that one may need none.`,
		Example: `  tuban triage show > my-triage.yaml
  tuban triage check my-triage.yaml --system "TD/T 1055-2019"`,
		// Without these two, cobra answers an unknown subcommand with help and success.
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "show",
		Short:   `Print the embedded rules that "triage: default" stands for, ready to copy and change`,
		Example: `  tuban triage show > my-triage.yaml`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(triage.Default())
			return err
		},
	})
	var system string
	check := &cobra.Command{
		Use:     "check FILE",
		Short:   "Say everything that is wrong with a file of triage rules",
		Example: `  tuban triage check my-triage.yaml --system "用地用海 2023"`,
		Args:    one("a file of triage rules"),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, sys, err := rulesFile(args[0], system)
			if err != nil {
				return err
			}
			r, err := triage.Parse(args[0], text, sys)
			if err != nil {
				return inputError(err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: version %s, %d kinds of approvals, %d keys of severity, %d exclusions, no problems\n",
				args[0], r.Version, len(r.Approvals), len(r.Order), len(r.Exclusions))
			return err
		},
	}
	check.Flags().StringVar(&system, "system", "", "code system to resolve survey classes in; by default each is accepted that any system knows")
	cmd.AddCommand(check)
	return cmd
}
