package main

import (
	"github.com/spf13/cobra"
)

func newRecall() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "recall",
		Short: "Read back what counties concluded, and what the annual change survey says of it",
		Long: `Close the circle: read the verification tables that counties return into the register (returns), and compare the accepted
annual change layer with what was released (survey): answered, unanswered, and changes that nobody had flagged.`,
		Example: `  tuban recall returns 220122.xlsx --register register
  tuban recall survey DLTBGXGC.gpkg --register register --product out --to recall`,
		// Without these two, cobra answers an unknown subcommand with help and success.
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRecallReturns(), newRecallSurvey())
	return cmd
}
