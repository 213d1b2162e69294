package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/securescore"
)

// readAnswers reads answers of Graph. What can't be read of them is said, and costs nothing else; it is an error if nothing can.
func (t terminal) readAnswers(ctx context.Context, paths []string) (*securescore.Answers, error) {
	var answers securescore.Answers
	for _, path := range paths {
		if err := t.addAnswer(ctx, &answers, path); err != nil {
			return nil, err
		}
	}
	for _, problem := range answers.Problems {
		t.warn("%s", problem)
	}
	if len(answers.Days()) == 0 && len(answers.Tenants()) == 0 {
		return nil, errors.New("the files have nothing of Secure Score: save the answers of GET /security/secureScores and /security/secureScoreControlProfiles")
	}
	return &answers, nil
}

func (t terminal) addAnswer(ctx context.Context, answers *securescore.Answers, path string) error {
	file, err := openFile(path)
	if err != nil {
		return err
	}
	in := t.in
	switch {
	case file != nil:
		defer file.Close()
		in = file
	case path != importer.Stdin:
		return fmt.Errorf("%s is a folder: name files", path)
	}
	return answers.Add(ctx, path, in)
}
